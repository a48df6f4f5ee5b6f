import { write } from "../../db/database";
import { eraseEvent, loadDelivery, recoverFailed, updateDelivery } from "../../db/webhook-deliveries";
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
 */
export async function resendWebhookDelivery(
  deps: Deps,
  { owner, endpointId, eventId }: Input<"resend-webhook-delivery">,
): Promise<Result<null>> {
  const key = { endpointId, eventId };
  const { delivery, endpoint, event } = await loadDelivery(deps.db, key);
  if (!delivery || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (!event || event.erasedAt !== null) return refuse("event_erased");
  await write(deps.db, [updateDelivery(deps.db, key, { replay: true, dueAt: deps.nowMs() })]);
  await deps.dispatch([{ kind: "event", ...key }]);
  return done;
}

/** Sends again what was told since a moment and failed. Answers how many, and whether there is more. */
export async function recoverWebhookDeliveries(
  deps: Deps,
  { owner, id, sinceMs }: Input<"recover-webhook-deliveries">,
): Promise<Result<Output<"recover-webhook-deliveries">>> {
  const [[endpoint]] = await deps.db.batch([selectEndpoint(deps.db, owner, id)]);
  if (!endpoint) return refuse("endpoint_unknown");
  // Ids begin with their time: the first that can be of that moment is where to start.
  const sinceId = makeId(sinceMs, 0, new Uint8Array(9));
  const [found] = await deps.db.batch([
    recoverFailed(deps.db, id, { sinceId, nowMs: deps.nowMs(), limit: recoveredMax }),
  ]);
  await deps.dispatch(found.map(({ eventId }) => ({ kind: "event", endpointId: id, eventId })));
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
  const { delivery, endpoint, event } = await loadDelivery(deps.db, { endpointId, eventId });
  if (!delivery || !event || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (isShared(event.type)) return refuse("event_shared");
  await write(deps.db, [eraseEvent(deps.db, event, deps.nowMs())]);
  return done;
}
