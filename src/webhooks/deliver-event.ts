import { unseal } from "../crypto/seal";
import { commit } from "../db/commit";
import { type Statement, write } from "../db/database";
import type { outbox } from "../db/schema";
import type { Secret } from "../db/secrets";
import { forgetDelivery, writeAccepted, writeAttempt } from "../db/webhooks/attempts";
import { type DeliveryKey, endDelivery, loadDeliveries, type WebhookDelivery } from "../db/webhooks/deliveries";
import type { EndpointRow } from "../db/webhooks/endpoints";
import { dayMs } from "../domain/time";
import { afterAttempt } from "../domain/webhooks/delivery";
import type { DeliveryJob } from "../domain/webhooks/delivery-job";
import { type EventType, testEvent } from "../domain/webhooks/event";
import { targetProblem } from "../domain/webhooks/target";
import { type Attempt, attempt, type DeliveryRequest } from "./attempt";
import { type Delivered, type DeliveryDeps, nothing } from "./delivery";
import { healthOf } from "./endpoint-health";
import { signStandard } from "./sign";

/** Time after its end for which a delivery is kept, with its log. */
const keptMs = 30 * dayMs;

type Event = typeof outbox.$inferSelect;
type Position = { version: number; sequence: number };

/** Everything that attempts for one endpoint need, as it was read at one moment. */
export type Read = Awaited<ReturnType<typeof readDeliveries>>;

/** An attempt that was accepted and is not written down yet. */
export interface Sent {
  delivery: WebhookDelivery;
  endpoint: EndpointRow;
  made: Attempt;
  position: Position;
}

/** Reads what attempts of some deliveries to one endpoint need, in one round trip. */
export async function readDeliveries(deps: DeliveryDeps, endpointId: string, eventIds: readonly string[]) {
  return { ...(await loadDeliveries(deps.db, endpointId, eventIds, deps.nowMs())), atMs: Date.now() };
}

/** Makes one attempt of one delivery and writes down its result. */
export async function deliverEvent(deps: DeliveryDeps, key: DeliveryKey): Promise<Delivered> {
  const sent = await sendEvent(deps, key, await readDeliveries(deps, key.endpointId, [key.eventId]));
  return sent ? writeDown(deps, sent) : nothing;
}

/**
 * Makes one attempt of a delivery that was read. The row decides: a delivered event is not sent again, and one that is
 * not due yet waits, so a doubled message is harmless. Returns nothing if there was nothing to send.
 */
export async function sendEvent(deps: DeliveryDeps, { eventId }: DeliveryKey, read: Read): Promise<Sent | undefined> {
  const { endpoint, secrets, version, sequence } = read;
  const delivery = read.deliveries.find((one) => one.eventId === eventId);
  const event = read.events.find(({ id }) => id === eventId);
  if (!delivery || delivery.dueAt === null || (await deps.restored())?.isRecovering) return undefined;
  const isDue = delivery.dueAt <= deps.nowMs();
  const isWanted = delivery.replay || delivery.state === "pending";
  if (!endpoint || !event || !isWanted) {
    if (isDue || !endpoint) await write(deps.db, forgetDelivery(deps.db, delivery));
    return undefined;
  }
  const isFirst = delivery.attempts === 0; // made at once: until then `dueAt` only serves the sweep
  if (!isDue && !isFirst && !delivery.replay) return undefined;
  if ((!endpoint.enabled && !delivery.replay) || event.erasedAt !== null) {
    const state = delivery.state === "delivered" ? "delivered" : "failed";
    const failedAt = state === "failed" ? (delivery.failedAt ?? deps.nowMs()) : delivery.failedAt;
    await write(deps.db, [endDelivery(deps.db, delivery, { state, dueAt: deps.nowMs() + keptMs, failedAt })]);
    return undefined;
  }
  const made = await send(deps, endpoint, secrets, event);
  return { delivery, endpoint, made, position: { version, sequence } };
}

/**
 * Tells whether an attempt has no other effect than that its delivery is delivered, so that it can be written down
 * together with others: it does not end the failing of an endpoint.
 */
export function isPlainSuccess({ delivery, endpoint, made }: Sent): boolean {
  return made.outcome.kind === "delivered" && (delivery.replay || endpoint.failingSince === null);
}

/**
 * Writes down plain successes of one endpoint in one batch. Returns those whose delivery changed while they were sent:
 * they are not written down.
 */
export async function writeSuccesses(
  deps: DeliveryDeps,
  endpointId: string,
  successes: readonly Sent[],
): Promise<readonly Sent[]> {
  const at = deps.nowMs();
  const accepted = successes.map(({ delivery, made: { outcome, durationMs, excerpt } }) => ({
    read: delivery,
    at,
    durationMs,
    status: "status" in outcome ? outcome.status : null,
    excerpt,
  }));
  const [, written] = await deps.db.batch(writeAccepted(deps.db, endpointId, accepted, at + keptMs));
  const ids = new Set(written.map(({ eventId }) => eventId));
  return successes.filter(({ delivery }) => !ids.has(delivery.eventId));
}

/** Makes the body of the stored event alone, so that every attempt and every endpoint gets the same. */
function bodyOf(event: Event): string {
  return JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: new Date(event.at).toISOString(),
    resource: event.aggregateId,
    sequence: event.sequence,
    data: event.data,
  });
}

async function send(
  deps: DeliveryDeps,
  endpoint: EndpointRow,
  secrets: readonly Secret[],
  event: Event,
): Promise<Attempt> {
  // The rules may have changed since the endpoint was made.
  if (targetProblem(endpoint.url, deps)) return { outcome: { kind: "target_forbidden" }, durationMs: 0, excerpt: null };
  const body = bodyOf(event);
  // Receivers compare the timestamp with the wall clock.
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const keys = await Promise.all(secrets.map(({ secret }) => unseal(deps.sealingKeys, secret, endpoint.id)));
  const headers = await signStandard({ id: event.id, timestampSeconds, body }, keys);
  const request: DeliveryRequest = {
    url: endpoint.url,
    headers: { ...headers, "User-Agent": "Accord-Webhooks/1" },
    body,
  };
  return attempt(request, { send: deps.send, timeoutMs: deps.timeoutMs, nowMs: Date.now });
}

/** Writes down an attempt, and what follows for its endpoint. */
export async function writeDown(
  deps: DeliveryDeps,
  { delivery, endpoint, position, made: { outcome, durationMs, excerpt } }: Sent,
): Promise<Delivered> {
  const nowMs = deps.nowMs();
  const attempts = delivery.attempts + 1;
  const planned = afterAttempt(outcome, { wire: endpoint.wire, attempts, nowMs, random: Math.random() });
  const next = delivery.replay && planned.state !== "delivered" ? afterFailedReplay(delivery, planned) : planned;
  const nextInMs = next.nextAtMs === null ? null : next.nextAtMs - nowMs;
  const rows = writeAttempt(
    deps.db,
    delivery,
    { at: nowMs, durationMs, outcome: outcome.kind, status: "status" in outcome ? outcome.status : null, excerpt },
    { state: next.state, nextAttemptAt: next.nextAtMs, dueAt: next.nextAtMs ?? nowMs + keptMs },
  );
  const health = delivery.replay ? { rows: [] } : healthOf(deps, endpoint, outcome, nowMs);
  if (health.event) {
    const told = await tell(deps, endpoint, position, health.event, [...rows, ...health.rows]);
    if (told) return { told, nextInMs };
    // Another delivery of this endpoint has published the same first, so only this attempt is written down.
    await write(deps.db, rows);
  } else {
    await write(deps.db, [...rows, ...health.rows]);
  }
  return { told: [], nextInMs };
}

/**
 * Commits the rows with an event about the endpoint, for its owner's other endpoints. Returns undefined if another
 * writer was faster.
 */
async function tell(
  deps: DeliveryDeps,
  { id, owner }: EndpointRow,
  { version, sequence }: Position,
  event: { type: EventType; data: Record<string, unknown> },
  rows: readonly Statement[],
): Promise<readonly DeliveryJob[] | undefined> {
  const committed = await commit(deps.db, {
    aggregateId: id,
    tenant: owner,
    audience: owner,
    version: version + 1,
    changeId: deps.newId(),
    name: event.type,
    actor: "clock",
    atMs: deps.nowMs(),
    requestId: deps.requestId,
    rows,
    events: { sequence: sequence + 1, list: [{ id: deps.newId(), ...event }] },
  });
  return committed.ok ? committed.jobs : undefined;
}

/**
 * Plans after a failed replay, which takes nothing away: a final state stays, a waiting delivery continues with its
 * schedule. A test ends.
 */
function afterFailedReplay(delivery: WebhookDelivery, planned: Planned): Planned {
  if (delivery.state !== "pending") return { state: delivery.state, nextAtMs: null };
  return delivery.type === testEvent ? { state: "failed", nextAtMs: null } : planned;
}

type Planned = ReturnType<typeof afterAttempt>;
