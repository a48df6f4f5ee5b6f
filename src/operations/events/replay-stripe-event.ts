import { write } from "../../db/database";
import { selectEvent, updateEvent } from "../../db/stripe-events";
import { done, type Result, refuse } from "../../domain/result";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/** Processes an event again at an operator's request: a dead one, or any other. Operations are idempotent. */
export async function replayStripeEvent(
  deps: Deps,
  { eventId, operator }: Input<"replay-stripe-event">,
): Promise<Result<null>> {
  const [[event]] = await deps.db.batch([selectEvent(deps.db, eventId)]);
  if (!event) return refuse("event_unknown");
  const dueAt = deps.nowMs();
  await write(deps.db, [updateEvent(deps.db, eventId, { state: "received", attempts: 0, dueAt, failure: null })]);
  deps.log.info("event_replayed", { eventId, operator });
  await deps.nudge([{ name: "process-stripe-event", input: { eventId } }]);
  return done;
}
