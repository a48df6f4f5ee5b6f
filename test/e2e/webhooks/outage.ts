import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { stored } from "../kill/stored.ts";
import type { SandboxServer } from "../server.ts";
import type { Arrival, Receiver } from "./receiver.ts";
import { sideBySide, type Teller, until } from "./teller.ts";

const eventsWanted = 1_000;
const sales = 10;
const width = 16;

/**
 * Stops the receiver, causes a thousand events, and kills the server meanwhile, with everything that the queue and the
 * objects held in memory. Afterwards the receiver must have exactly the events that the rows contain.
 */
export async function outageLosesNothing(server: SandboxServer, receiver: Receiver, teller: Teller): Promise<void> {
  const endpoint = await teller.endpoint(receiver.url("outage"));
  await receiver.down();

  const startedMs = Date.now();
  const expert = await teller.journey.registerExpert();
  await teller.journey.onboard(expert);
  let sold = 0;
  await sideBySide(
    4,
    () => sold < sales,
    () => {
      sold += 1;
      return teller.sellOne(expert);
    },
  );
  let told = 0;
  let dead = false;
  const telling = sideBySide(
    width,
    () => !dead,
    async () => {
      try {
        await teller.cancelOne();
        told += 1;
      } catch (error) {
        if (!dead) throw error;
      }
    },
  );
  await Promise.race([telling, until("a thousand events", 600_000, () => told + 3 * sold >= eventsWanted)]);
  dead = true;
  await server.kill();
  await telling;

  const emitted = outboxOf(server);
  const [untouched] = stored(server.stateDir, "SELECT count(*) AS n FROM webhook_deliveries WHERE attempts = 0");
  console.log(
    `outage: ${emitted.length} events of ${new Set(emitted.map(({ resource }) => resource)).size} resources in ${seconds(startedMs)}, receiver down; killed, ` +
      `${untouched?.n} deliveries lost with the queue before any attempt`,
  );
  assert.ok(emitted.length >= eventsWanted, `${emitted.length} events were told`);
  assert.ok(Number(untouched?.n) > 0, "the kill has lost something");
  assert.equal(receiver.of("outage").length, 0, "nothing arrived");

  await server.restart();
  await receiver.up();
  const upMs = Date.now();
  await teller.journey.advance(await secondsToLastAttempt(server, teller));
  // Work such as a payout continued after the restart, and its events must arrive as well.
  await until("the last delivery", 300_000, () => isDone(server, endpoint.id));
  const toldInAll = outboxOf(server);
  const got = new Map<string, Arrival>(receiver.of("outage").map((arrival) => [arrival.event.id, arrival]));
  assert.deepEqual([...got.keys()].sort(), toldInAll.map(({ id }) => id).sort(), "set received = set emitted");
  for (const { event, body } of receiver.of("outage"))
    assert.equal(body, got.get(event.id)?.body, "one event, one body");
  const verifier = new Webhook(endpoint.secret);
  for (const { body, headers } of got.values()) verifier.verify(body, headers);
  assertSequences([...got.values()]);
  console.log(
    `outage: up again, ${seconds(upMs)} until all ${got.size} were there; ${receiver.of("outage").length - got.size} came twice; ` +
      "set received = set emitted, one body each, every signature verifies, no gap in any sequence",
  );
  await teller.remove(endpoint);
}

/** Returns the published events in the database file. */
function outboxOf({ stateDir }: SandboxServer): { id: string; resource: string; sequence: number }[] {
  const rows = stored(stateDir, "SELECT id, aggregate_id, sequence FROM outbox");
  return rows.map((row) => ({
    id: String(row.id),
    resource: String(row.aggregate_id),
    sequence: Number(row.sequence),
  }));
}

/** Returns how far the clock must move until every waiting delivery is due. */
async function secondsToLastAttempt({ stateDir }: SandboxServer, teller: Teller): Promise<number> {
  const [row] = stored(stateDir, "SELECT max(due_at) AS dueAt FROM webhook_deliveries WHERE state = 'pending'");
  const { nowSeconds } = (await teller.journey.control("GET", "clock")).body;
  return Math.max(Math.ceil(Number(row?.dueAt) / 1000) - nowSeconds, 0) + 1;
}

function isDone({ stateDir }: SandboxServer, endpointId: string): boolean {
  const [row] = stored(
    stateDir,
    `SELECT count(*) AS n FROM webhook_deliveries WHERE endpoint_id = '${endpointId}' AND state <> 'delivered'`,
  );
  return row?.n === 0;
}

function assertSequences(arrivals: readonly Arrival[]): void {
  for (const [resource, list] of Map.groupBy(arrivals, ({ event }) => event.resource)) {
    const sequences = list.map(({ event }) => event.sequence).sort((a, b) => a - b);
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => index + 1),
      `no gap in ${resource}`,
    );
  }
}

function seconds(sinceMs: number): string {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}
