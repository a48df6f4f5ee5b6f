import assert from "node:assert/strict";
import type { Receiver } from "./receiver.ts";
import { pause, type Teller, until } from "./teller.ts";

const others = 9;

/** The limit of one attempt. */
const limitMs = 15_000;

/**
 * Makes ten endpoints, one of which accepts every request and never answers. While its first attempt hangs, events go
 * on, and none of the other nine waits for its end.
 */
export async function slowEndpointDelaysNobody(receiver: Receiver, teller: Teller): Promise<void> {
  const events = ["testimony.cancelled"];
  receiver.hanging.add("hanging");
  const hanging = await teller.endpoint(receiver.url("hanging"), events);
  const names = Array.from({ length: others }, (_, index) => `neighbour-${index + 1}`);
  const neighbours = [];
  for (const name of names) neighbours.push(await teller.endpoint(receiver.url(name), events));

  const told: Awaited<ReturnType<Teller["cancelOne"]>>[] = [await teller.cancelOne()];
  await until("the hang", 60_000, () => receiver.hits.has("hanging"));
  const hangsSinceMs = Date.now();
  while (Date.now() - hangsSinceMs < limitMs + 1_000) {
    told.push(await teller.cancelOne());
    await pause(250);
  }
  await until("every event at all nine", 60_000, () =>
    names.every((name) =>
      told.every(({ resource }) => receiver.of(name).some(({ event }) => event.resource === resource)),
    ),
  );

  const lagsMs = names.flatMap((name) => {
    const arrivedAt = new Map(receiver.of(name).map(({ event, atMs }) => [event.resource, atMs]));
    return told.map(({ resource, askedAtMs }) => (arrivedAt.get(resource) ?? Number.POSITIVE_INFINITY) - askedAtMs);
  });
  lagsMs.sort((a, b) => a - b);
  const worstMs = lagsMs.at(-1) ?? Number.POSITIVE_INFINITY;
  await until("the end of the first attempt", 60_000, async () => (await teller.attemptsOfFirst(hanging)).length > 0);
  const [attempt] = await teller.attemptsOfFirst(hanging);
  assert.equal(attempt?.outcome, "timeout", "the hanging endpoint was given up");
  assert.ok(attempt.durationMs >= limitMs - 100, `after its full 15 s: ${attempt.durationMs} ms`);
  console.log(
    `slow neighbour: ${told.length} events, ${lagsMs.length} deliveries to nine endpoints while the tenth hung for ${attempt.durationMs} ms; ` +
      `from request to arrival p50 ${lagsMs[lagsMs.length >> 1]} ms, worst ${worstMs} ms`,
  );
  assert.ok(worstMs < attempt.durationMs, `the slowest took ${worstMs} ms`);
  for (const endpoint of [hanging, ...neighbours]) await teller.remove(endpoint);
}
