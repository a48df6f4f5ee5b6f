import { write } from "../../db/database";
import { eraseEvent, loadDelivery, recoverFailed, recoverReplayed, replayDelivery } from "../../db/webhook-deliveries";
import { selectEndpoint } from "../../db/webhook-endpoints";
import { isShared } from "../../domain/event";
import { makeId } from "../../domain/id";
import { done, type Result, refuse, success } from "../../domain/result";
import type { Input, Output } from "../commands";
import type { Deps } from "../deps";

/** More than this is recovered by asking again. */
const recoveredMax = 5_000;

/**
 * Sends one delivery again: the same message id and body, signed with the present secret, once, whatever the endpoint's
 * state, and outside its health. What it was stays true until it is delivered: a schedule goes on, a success remains one.
 * An attempt that is under way is not what was asked for: it is sent after that.
 */
export async function resendWebhookDelivery(
  deps: Deps,
  { owner, endpointId, eventId }: Input<"resend-webhook-delivery">,
): Promise<Result<null>> {
  const key = { endpointId, eventId };
  const { delivery, endpoint, event } = await loadDelivery(deps.db, key, deps.nowMs());
  if (!delivery || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (!event || event.erasedAt !== null) return refuse("event_erased");
  const [[again]] = await deps.db.batch([replayDelivery(deps.db, key, deps.nowMs())]);
  if (!again) return refuse("delivery_unknown"); // forgotten since it was read
  await deps.dispatch([{ kind: "event", ...key }]);
  return done;
}

/**
 * Sends again what was told since a moment and failed. Answers how many are in line that were not, and whether there is
 * more. What was in line already is sent once more when its attempt is under way: it began before this was asked.
 */
export async function recoverWebhookDeliveries(
  deps: Deps,
  { owner, id, sinceMs }: Input<"recover-webhook-deliveries">,
): Promise<Result<Output<"recover-webhook-deliveries">>> {
  const [[endpoint]] = await deps.db.batch([selectEndpoint(deps.db, owner, id)]);
  if (!endpoint) return refuse("endpoint_unknown");
  // Ids begin with their time: the first that can be of that moment is where to start.
  const sinceId = makeId(sinceMs, 0, new Uint8Array(9));
  const recovery = { sinceId, nowMs: deps.nowMs(), limit: recoveredMax };
  const [inLine, found] = await deps.db.batch([
    recoverReplayed(deps.db, id, recovery),
    recoverFailed(deps.db, id, recovery),
  ]);
  await deps.dispatch([...inLine, ...found].map(({ eventId }) => ({ kind: "event", endpointId: id, eventId })));
  return success({ recovered: found.length, hasMore: found.length === recoveredMax });
}

/**
 * Empties an event's data for good, for every endpoint. The log of its deliveries stays. Refuses one that other owners may
 * have heard as well.
 */
export async function eraseWebhookEvent(
  deps: Deps,
  { owner, endpointId, eventId }: Input<"erase-webhook-event">,
): Promise<Result<null>> {
  const { delivery, endpoint, event } = await loadDelivery(deps.db, { endpointId, eventId }, deps.nowMs());
  if (!delivery || !event || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (isShared(event.type)) return refuse("event_shared");
  await write(deps.db, [eraseEvent(deps.db, event, deps.nowMs())]);
  return done;
}
