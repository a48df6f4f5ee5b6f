import { write } from "../../db/database";
import { replayEvent, selectEvent } from "../../db/stripe-events";
import { done, type Result, refuse } from "../../domain/result";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/**
 * Processes an event again at an operator's request: a dead one, or any other, one that is being processed as well.
 * Operations are idempotent.
 */
export async function replayStripeEvent(
  deps: Deps,
  { eventId, operator }: Input<"replay-stripe-event">,
): Promise<Result<null>> {
  const [[event]] = await deps.db.batch([selectEvent(deps.db, eventId)]);
  if (!event) return refuse("event_unknown");
  await write(deps.db, [replayEvent(deps.db, eventId, deps.nowMs())]);
  deps.log.info("event_replayed", { eventId, operator });
  await deps.nudge([{ name: "process-stripe-event", input: { eventId } }]);
  return done;
}
