import { write } from "../../db/database";
import { eraseEvent, loadDelivery, recoverFailed, updateDelivery } from "../../db/webhook-deliveries";
import { selectEndpoint } from "../../db/webhook-endpoints";
import { makeId } from "../../domain/id";
import { done, type Result, refuse, success } from "../../domain/result";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/**
 * Sends one delivery again: the same message id and body, signed with the present secret, once, whatever the endpoint's
 * state, and outside its health.
 */
export async function resendWebhookDelivery(
  deps: Deps,
  { owner, endpointId, eventId }: Input<"resend-webhook-delivery">,
): Promise<Result<null>> {
  const key = { endpointId, eventId };
  const { delivery, endpoint, event } = await loadDelivery(deps.db, key);
  if (!delivery || endpoint?.owner !== owner) return refuse("delivery_unknown");
  if (!event || event.erasedAt !== null) return refuse("event_erased");
  await write(deps.db, [updateDelivery(deps.db, key, { state: "pending", replay: true, dueAt: deps.nowMs() })]);
  await deps.dispatch([key]);
  return done;
}

/** Sends everything again that failed since a moment. Answers how many. */
export async function recoverWebhookDeliveries(
  deps: Deps,
  { owner, id, sinceMs }: Input<"recover-webhook-deliveries">,
): Promise<Result<{ recovered: number }>> {
  const [[endpoint]] = await deps.db.batch([selectEndpoint(deps.db, owner, id)]);
  if (!endpoint) return refuse("endpoint_unknown");
  // Ids begin with their time: the first that can be of that moment is where to start.
  const sinceId = makeId(sinceMs, 0, new Uint8Array(9));
  const [found] = await deps.db.batch([recoverFailed(deps.db, id, { sinceId, nowMs: deps.nowMs() })]);
  await deps.dispatch(found.map(({ eventId }) => ({ endpointId: id, eventId })));
  return success({ recovered: found.length });
}

/** Empties an event's data for good, for every endpoint. The log of its deliveries stays. */
export async function eraseWebhookEvent(
  deps: Deps,
  { owner, endpointId, eventId }: Input<"erase-webhook-event">,
): Promise<Result<null>> {
  const { delivery, endpoint, event } = await loadDelivery(deps.db, { endpointId, eventId });
  if (!delivery || !event || endpoint?.owner !== owner) return refuse("delivery_unknown");
  await write(deps.db, [eraseEvent(deps.db, event, deps.nowMs())]);
  return done;
}
