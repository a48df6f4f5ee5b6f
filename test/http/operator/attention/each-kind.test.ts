import { beforeAll, expect, it } from "vitest";
import { type WaitingKind, waitingKinds } from "../../../../src/domain/attention";
import { sentences } from "../../../../src/http/explanation-sentences";
import { quickly } from "../../../operations/faults/quickly";
import { journey } from "../../checked";
import { ofOffers } from "./causes-of-offers";
import { ofPayments } from "./causes-of-payments";
import { ofUpkeep } from "./causes-of-upkeep";
import { type Entry, entries, entryOf, operator, type Step, stepOf, take } from "./entry";
import type { Cause, Causes, Waits } from "./waits";

/**
 * Tests the list of what waits, kind by kind, each in a world of its own: each next step is sent as it is printed and
 * is not refused, and the entry ends with its cause. A kind without a cause does not compile.
 */
const causes: Record<WaitingKind, Causes> = {
  ...ofOffers,
  ...ofPayments,
  ...ofUpkeep,
  refund_failed: { ...ofOffers.refund_failed, ...ofPayments.refund_failed },
};

beforeAll(quickly);

const all = waitingKinds.flatMap((kind) =>
  Object.entries(causes[kind]).map(([what, cause]) => [kind, what, cause] as const),
);

it("knows how each kind comes to wait", () => {
  expect(waitingKinds.filter((kind) => !all.some(([one]) => one === kind))).toEqual([]);
});

it.each(all)("%s, %s", { timeout: 300_000 }, async (kind, _, cause) => {
  const { entry, waits } = await begin(kind, cause);
  await expectPrinted(entry);
  const requests = entry.steps.filter(({ operation }) => operation !== null);
  expect(requests.length > 0 || waits.mend, "nothing ends it").toBeTruthy();
  if (waits.mend) {
    await waits.mend();
    await expectEnded(entry, "the world has mended it");
  }
  for (const { operation } of requests) {
    const again = await begin(kind, cause);
    await follow(again.waits, stepOf(again.entry, operation ?? ""));
    await expectEnded(again.entry, `${operation} was answered`);
  }
});

async function begin(kind: WaitingKind, cause: Cause): Promise<{ entry: Entry; waits: Waits }> {
  await journey.reset();
  const waits = await cause();
  return { entry: await entryOf(kind), waits };
}

/** Expects an entry to name what a person needs to know: since when, whose, about what, and what follows. */
async function expectPrinted(entry: Entry): Promise<void> {
  const { since, who, about, byItself, explanation, steps, amount, currency } = entry;
  expect(Date.parse(since)).toBeGreaterThan(0);
  expect(who.length).toBeGreaterThan(0);
  expect(byItself.what).not.toBe("");
  expect(Object.keys(sentences)).toContain(explanation?.code);
  if (explanation?.call?.who === "operator") expect(steps.map(({ path }) => path)).toContain(explanation.call.path);
  expect(steps.length).toBeGreaterThan(0);
  if (amount !== null) expect(currency).toMatch(/^[a-z]{3}$/i);
  for (const { operation, path } of steps) expect(path).toMatch(operation === null ? /^https:\/\// : /^\/api\/v1\//);
  expect(JSON.stringify(steps)).not.toMatch(/null\/|\/null|undefined/);
  if (about.timeline === null) return;
  const { status, body } = await journey.call("GET", about.timeline, operator);
  expect([status, body.data?.entries.length > 0]).toEqual([200, true]);
}

async function follow({ senders = {}, before = {}, after = {} }: Waits, step: Step): Promise<void> {
  const operation = step.operation ?? "";
  await before[operation]?.();
  const answer = await take(step, step.by === "operator" ? operator : senders[step.by]);
  await after[operation]?.(answer, step);
}

/** Expects an entry to end; the clock may have to run first. */
async function expectEnded({ kind, about }: Entry, why: string): Promise<void> {
  const waits = async () => (await entries()).filter((one) => one.kind === kind && one.about.id === about.id);
  for (let rounds = 0; rounds < 4 && (await waits()).length > 0; rounds += 1) await journey.advance(60);
  expect(await waits(), why).toEqual([]);
}
