import { write } from "../../db/database";
import { isPurged, replayEvent, type StoredEvent, selectEvent } from "../../db/stripe-events";
import { done, type Result, refuse, success } from "../../domain/result";
import { retrieveEvent } from "../../stripe/event";
import type { Deps } from "../deps";

/**
 * Processes an event again at an operator's request, whatever its state: operations are idempotent. A payload that was
 * purged is fetched from Stripe again. Refuses `event_erased` if Stripe has it no longer either.
 */
export async function replayStripeEvent(
  deps: Deps,
  { eventId, operator }: { eventId: string; operator: string },
): Promise<Result<null>> {
  const [[event]] = await deps.db.batch([selectEvent(deps.db, eventId)]);
  if (!event) return refuse("event_unknown");
  const payload = isPurged(event) ? await payloadAtStripe(deps, event) : success(event.payload);
  if (!payload.ok) return payload;
  await write(deps.db, [replayEvent(deps.db, eventId, { payload: payload.value, dueAt: deps.nowMs() })]);
  deps.log.info("event_replayed", { eventId, operator });
  await deps.enqueueCommands([{ name: "process-stripe-event", input: { eventId } }]);
  return done;
}

async function payloadAtStripe(deps: Deps, event: StoredEvent): Promise<Result<string>> {
  const asked = await retrieveEvent(deps.stripe, event);
  if (asked.ok) return success(asked.value.payload);
  const { kind, meaning, message } = asked.failure;
  return meaning === "refused" ? refuse("event_erased", `${kind}: ${message}`) : refuse("stripe_unavailable", message);
}
