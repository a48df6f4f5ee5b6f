import { write } from "../../db/database";
import { eraseEvent, loadDelivery, recoverFailed, recoverReplayed, replayDelivery } from "../../db/webhooks/deliveries";
import { selectEndpoint } from "../../db/webhooks/endpoints";
import { makeId } from "../../domain/id";
import { done, type Result, refuse, success } from "../../domain/result";
import { isShared } from "../../domain/webhooks/event";
import type { Deps } from "../deps";

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
 * success remains one. If an attempt is under way, the delivery is sent again after it.
 */
export async function resendWebhookDelivery(
  deps: Deps,
  { owner, endpointId, eventId }: OwnedDelivery,
): Promise<Result<null>> {
  const key = { endpointId, eventId };
  const { delivery, endpoint, event } = await loadDelivery(deps.db, key, deps.nowMs());
  if (!delivery || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (!event || event.erasedAt !== null) return refuse("event_erased");
  const [[again]] = await deps.db.batch([replayDelivery(deps.db, key, deps.nowMs())]);
  if (!again) return refuse("delivery_unknown"); // purged since it was read
  await deps.enqueueDeliveries([{ kind: "event", ...key }]);
  return done;
}

/**
 * Sends failed deliveries since a moment again. Returns how many were enqueued that were not waiting before, and
 * whether there is more. A delivery whose attempt is under way is sent once more, because that attempt began before
 * this request.
 */
export async function recoverWebhookDeliveries(
  deps: Deps,
  { owner, id, sinceMs }: { owner: string; id: string; sinceMs: number },
): Promise<Result<{ recovered: number; hasMore: boolean }>> {
  const [[endpoint]] = await deps.db.batch([selectEndpoint(deps.db, owner, id)]);
  if (!endpoint) return refuse("endpoint_unknown");
  // Ids begin with their time, so the first possible id of that moment is the start.
  const sinceId = makeId(sinceMs, 0, new Uint8Array(9));
  const recovery = { sinceId, nowMs: deps.nowMs(), limit: recoveredMax };
  const [inLine, found] = await deps.db.batch([
    recoverReplayed(deps.db, id, recovery),
    recoverFailed(deps.db, id, recovery),
  ]);
  await deps.enqueueDeliveries(
    [...inLine, ...found].map(({ eventId }) => ({ kind: "event", endpointId: id, eventId })),
  );
  return success({ recovered: found.length, hasMore: found.length === recoveredMax });
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
