import { write } from "../../db/database";
import { lastVersion } from "../../db/position";
import {
  eraseEvent,
  loadDelivery,
  recoverFailed,
  recoverReplayed,
  replayDelivery,
  selectFailed,
} from "../../db/webhooks/deliveries";
import { selectEndpoint } from "../../db/webhooks/endpoints";
import { makeId, timeOf } from "../../domain/id";
import { done, type Result, refuse, success } from "../../domain/result";
import { isShared } from "../../domain/webhooks/event";
import { appendChange } from "../change";
import type { ByOperator, Deps } from "../deps";

/** The most deliveries that one request recovers; the rest needs another request. */
const recoveredMax = 5_000;

interface OwnedDelivery {
  owner: string;
  endpointId: string;
  eventId: string;
}

/**
 * Sends one delivery again: the same message id and body, signed with the present secret, once, whatever the endpoint's
 * state, and without effect on its health. The delivery's state remains until it is delivered: a schedule continues, a
 * success remains one. If an attempt is under way, the delivery is sent again after it. What an operator sends again is
 * in the endpoint's journal, and waits until it was sent before it is sent once more.
 */
export async function resendWebhookDelivery(
  deps: Deps,
  { owner, endpointId, eventId, by }: OwnedDelivery & { by?: ByOperator },
): Promise<Result<null>> {
  const key = { endpointId, eventId };
  const { delivery, endpoint, event, ...position } = await loadDelivery(deps.db, key, deps.nowMs());
  if (!delivery || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (!event || event.erasedAt !== null) return refuse("event_erased");
  if (by && delivery.replay) return refuse("state_wrong");
  const again = replayDelivery(deps.db, key, deps.nowMs());
  if (by) {
    const data = { ...by, eventId };
    const change = { name: "resend-webhook-delivery", actor: "operator", data, rows: [again], answer: done };
    await appendChange(deps, { ...position, aggregateId: endpointId, tenant: owner }, change);
  } else {
    const [[made]] = await deps.db.batch([again]);
    if (!made) return refuse("delivery_unknown"); // purged since it was read
  }
  await deps.enqueueDeliveries([{ kind: "event", ...key }]);
  return done;
}

/** The deliveries to recover: everything that failed from a moment on, until before another, and of a type, if they are given. */
interface Recovering {
  owner: string;
  id: string;
  sinceMs: number;
  untilMs?: number | undefined;
  type?: string | undefined;
  by?: ByOperator;
}

/** `since` is the moment from which the next request goes on, if there is more. */
interface Recovered {
  recovered: number;
  hasMore: boolean;
  since: string | null;
}

/** The time of the last id that there can be. */
const lastMs = 2 ** 48 - 1;

/**
 * Sends failed deliveries since a moment again. Returns how many were enqueued that were not waiting before, and
 * whether there is more. A delivery whose attempt is under way is sent once more, because that attempt began before
 * this request. What an operator recovers is in the endpoint's journal. A rehearsal only counts.
 */
export async function recoverWebhookDeliveries(
  deps: Deps,
  { owner, id, sinceMs, untilMs = lastMs, type, by }: Recovering,
): Promise<Result<Recovered>> {
  // Ids begin with their time, so the first possible id of a moment is its start.
  const [sinceId, untilId] = [sinceMs, untilMs].map((ms) => makeId(ms, 0, new Uint8Array(9))) as [string, string];
  const recovery = { sinceId, untilId, type, nowMs: deps.nowMs(), limit: recoveredMax };
  const rows = [recoverReplayed(deps.db, id, recovery), recoverFailed(deps.db, id, recovery)] as const;
  const [[endpoint], [last]] = await deps.db.batch([selectEndpoint(deps.db, owner, id), lastVersion(deps.db, id)]);
  if (!endpoint) return refuse("endpoint_unknown");
  const looked = selectFailed(deps.db, id, recovery);
  const [seen, inLine = []] = await deps.db.batch(by || deps.rehearsal ? [looked] : [looked, ...rows]);
  const found = seen.filter((one) => type === undefined || one.type === type);
  const end = seen.length < recoveredMax ? undefined : seen.at(-1);
  const since = end ? new Date(timeOf(end.eventId)).toISOString() : null;
  const answer = success({ recovered: found.length, hasMore: end !== undefined, since });
  if (deps.rehearsal || (by && found.length === 0)) return answer;
  if (by) {
    const position = { aggregateId: id, tenant: owner, version: last?.version ?? 0, sequence: 0 };
    const data = { ...by, sinceMs, untilMs, type, recovered: found.length };
    const change = { name: "recover-webhook-deliveries", actor: "operator", data, rows, answer };
    await appendChange(deps, position, change);
  }
  await deps.enqueueDeliveries(
    [...inLine, ...found].map(({ eventId }) => ({ kind: "event", endpointId: id, eventId })),
  );
  return answer;
}

/**
 * Empties an event's data for good, for every endpoint. The log of its deliveries stays. Refuses an event that other
 * owners may have received as well.
 */
export async function eraseWebhookEvent(
  deps: Deps,
  { owner, endpointId, eventId }: OwnedDelivery,
): Promise<Result<null>> {
  const { delivery, endpoint, event } = await loadDelivery(deps.db, { endpointId, eventId }, deps.nowMs());
  if (!delivery || !event || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (isShared(event.type)) return refuse("event_shared");
  await write(deps.db, [eraseEvent(deps.db, event, deps.nowMs())]);
  return done;
}
