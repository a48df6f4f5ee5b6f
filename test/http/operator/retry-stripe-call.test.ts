import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import type { StripeEffect } from "../../../src/db/stripe-effects";
import type { Deps } from "../../../src/operations/deps";
import { isQuiet } from "../../../src/operations/effects";
import { hundred } from "../../operations/books";
import { acceptedOffer, atStripe, refund } from "../../operations/offers/accepted-offer";
import { journey } from "../checked";
import { byOperatorIn, expectNotForReaders, outcomeOf, write } from "./write";

const note = "Stripe's status page says that it works again.";
const minute = 60;

beforeEach(() => journey.reset());

/** Makes a refund that Stripe does not answer so often. */
async function unanswered(times: number) {
  const session = await acceptedOffer(journey);
  await journey.fault("POST /v1/refunds", "timeout_after", 2);
  await journey.fault("POST /v1/refunds", "timeout_before", times);
  expect((await refund(journey, session)).status).toBe(204);
  await journey.advance(10 * minute);
  const [call] = (await journey.operator("GET", "/stripe-calls")).body.data;
  return { session, call, path: `/stripe-calls/${call.aggregateId}/${call.callId}/retry` };
}

it("is tried at once and done once, and the journal says by whom and why", async () => {
  const { session, call, path } = await unanswered(1_000);
  await expectNotForReaders(path, { note });
  await journey.control("DELETE", "faults");
  const key = crypto.randomUUID();
  expect((await write(path, { note }, { key })).status).toBe(202);
  await journey.advance(1);
  expect((await atStripe(journey, session)).refunds).toEqual([[hundred.totalMinor, "succeeded"]]);
  expect((await write(path, { note }, { key })).headers.get("Idempotent-Replayed")).toBe("true");
  expect(outcomeOf(await write(path, { note }))).toEqual([409, "state_wrong"]);
  expect(await byOperatorIn(session.testimonyId, "retry-stripe-call")).toMatchObject([
    { operator: "sandbox", note, effectId: call.callId },
  ]);
  expect((await journey.ledgerCheck()).ok).toBe(true);
});

it("is refused while it is due already, and for what is not known", async () => {
  const { session, call, path } = await unanswered(1_000);
  await env.DB.prepare("update stripe_effects set due_at = 1 where id = ?").bind(call.callId).run();
  expect(outcomeOf(await write(path, { note }))).toEqual([409, "state_wrong"]);
  expect(await byOperatorIn(session.testimonyId, "retry-stripe-call")).toEqual([]);
  const unknown = `/stripe-calls/${session.testimonyId}/${crypto.randomUUID()}/retry`;
  expect(outcomeOf(await write(unknown, { note }))).toEqual([404, "call_unknown"]);
});

it("does not let a call that was just sent count as one that Stripe will never do", () => {
  const deps = { nowMs: () => 10 * 60_000 } as Deps;
  const call = { attempts: 9, dueAt: deps.nowMs(), lastSentAt: deps.nowMs() - 60_000 } as StripeEffect;
  expect(isQuiet(deps, call)).toBe(true);
  expect(isQuiet(deps, { ...call, lastSentAt: deps.nowMs() - 1_000 })).toBe(false);
});
