import { beforeEach, expect, it } from "vitest";
import { journey } from "../http/checked";
import {
  advanceTo,
  arrivals,
  attempted,
  boxUrl,
  type Delivery,
  deliveriesOf,
  makeEndpoint,
  nowMs,
  tellBox,
  tellSomething,
  viewDelivery,
  viewEndpoint,
} from "./owner";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The schedule before jitter. */
const scheduleMs = [0, 5 * second, 5 * minute, 30 * minute, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour)];

const outcomes = [
  { box: "ok", outcome: "delivered", status: 200, attempts: 1, state: "delivered" },
  { box: "flood", outcome: "delivered", status: 200, attempts: 1, state: "delivered" },
  { box: "gone", outcome: "gone", status: 410, attempts: 1, state: "failed" },
  { box: "redirect", outcome: "redirected", status: 302, attempts: 10, state: "failed" },
  { box: "throttle", outcome: "refused", status: 429, attempts: 10, state: "failed", leastMs: 120 * second },
  { box: "fail", outcome: "refused", status: 500, attempts: 10, state: "failed" },
  { box: "hang", outcome: "timeout", status: null, attempts: 10, state: "failed" },
  { box: "nobody", outcome: "unreachable", status: null, attempts: 10, state: "failed" },
] as const;

beforeEach(() => journey.reset());

it("attempts as each outcome demands, over the whole schedule", { timeout: 180_000 }, async () => {
  const ids = new Map<string, string>();
  const endpoints = new Map<string, { id: string }>();
  for (const { box } of outcomes) {
    const url = box === "nobody" ? "http://127.0.0.1:1/" : boxUrl(box);
    endpoints.set(box, await makeEndpoint(box, { url, events: ["testimony.cancelled"] }));
    if (box !== "nobody") await tellBox(box, box);
  }
  const client = await journey.registerClient();
  await tellSomething(client);
  for (const [box, endpoint] of endpoints) {
    const [delivery] = await deliveriesOf(endpoint);
    ids.set(box, delivery?.id ?? "");
  }

  const all = () => Promise.all([...ids.values()].map(viewDelivery));
  await Promise.all([...ids.values()].map((id) => attempted(id, 1)));
  for (let waiting = await all(); ; waiting = await all()) {
    const next = waiting.filter(({ state }) => state === "pending").map(timeOfNext);
    if (next.length === 0) break;
    await advanceTo(Math.min(...next));
    const now = await nowMs();
    const due = waiting.filter((one) => one.state === "pending" && timeOfNext(one) <= now);
    await Promise.all(due.map(({ id, attempts }) => attempted(id, attempts + 1)));
  }

  const lines: string[] = [];
  for (const { box, ...expected } of outcomes) {
    const delivery = await viewDelivery(ids.get(box) ?? "");
    lines.push(...tableOf(box, delivery));
    expect(delivery, box).toMatchObject({
      state: expected.state,
      attempts: expected.attempts,
      nextAttemptAt: null,
      payload: { reason: "sold" },
    });
    expect(
      delivery.log.map(({ number }) => number),
      box,
    ).toEqual(range(1, expected.attempts));
    for (const attempt of delivery.log) {
      expect(attempt, box).toMatchObject({ outcome: expected.outcome, status: expected.status });
      const plannedMs = scheduleMs[attempt.number];
      if (expected.attempts === 1 || plannedMs === undefined) {
        expect(attempt.nextAttemptAt, box).toBeNull();
        continue;
      }
      const delayMs = Date.parse(attempt.nextAttemptAt ?? "") - Date.parse(attempt.at);
      const leastMs = "leastMs" in expected ? expected.leastMs : 0;
      expect(delayMs, `${box} ${attempt.number}`).toBeGreaterThanOrEqual(Math.max(plannedMs * 0.8, leastMs));
      expect(delayMs, `${box} ${attempt.number}`).toBeLessThanOrEqual(Math.max(plannedMs * 1.2, leastMs));
    }
  }
  console.log(`What each outcome comes to:\n${lines.join("\n")}`);

  const excerpts = await Promise.all(outcomes.map(({ box }) => viewDelivery(ids.get(box) ?? "")));
  const excerptOf = Object.fromEntries(outcomes.map(({ box }, i) => [box, excerpts[i]?.log[0]?.excerpt]));
  expect(excerptOf).toMatchObject({ ok: '{"received":true}', fail: "This box was told to fail.\n", hang: null });
  expect(excerptOf.flood).toHaveLength(2_048);
  expect(excerptOf.redirect).toBe(null);
  const timeouts = excerpts.find(({ log }) => log[0]?.outcome === "timeout")?.log ?? [];
  for (const { durationMs } of timeouts) expect(durationMs).toBeGreaterThanOrEqual(900);

  expect(await arrivals("redirected")).toEqual([]); // where the redirect pointed to
  for (const { box, attempts } of outcomes) {
    if (box !== "nobody") expect(await arrivals(box), box).toHaveLength(attempts);
  }
  expect(await viewEndpoint({ id: endpoints.get("gone")?.id ?? "" })).toMatchObject({
    enabled: false,
    health: { disabledReason: "gone" },
  });
});

function timeOfNext({ nextAttemptAt }: Delivery): number {
  return nextAttemptAt === null ? Number.POSITIVE_INFINITY : Date.parse(nextAttemptAt);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function tableOf(box: string, { state, log }: Delivery): string[] {
  const waits = log.map(({ at, nextAttemptAt }) =>
    nextAttemptAt === null ? "end" : inWords(Date.parse(nextAttemptAt) - Date.parse(at)),
  );
  const [{ outcome, status, excerpt } = { outcome: "", status: null, excerpt: null }] = log;
  const shown = excerpt === null ? "-" : `${JSON.stringify(excerpt.slice(0, 24))} (${excerpt.length})`;
  return [
    `${box.padEnd(9)} ${outcome.padEnd(12)} ${String(status ?? "-").padEnd(4)} ${state.padEnd(10)} ${String(log.length).padStart(2)} attempts; then after ${waits.join(", ")}; ${shown}`,
  ];
}

function inWords(ms: number): string {
  if (ms < minute) return `${(ms / second).toFixed(1)} s`;
  return ms < hour ? `${(ms / minute).toFixed(1)} min` : `${(ms / hour).toFixed(1)} h`;
}
