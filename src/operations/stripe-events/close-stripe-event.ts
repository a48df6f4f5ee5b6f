import { closeEvent, selectEvent } from "../../db/stripe-events";
import { done, type Result, refuse } from "../../domain/result";
import type { Deps } from "../deps";

/** Closes an event that we gave up and that needs nothing any more: an operator says why. It can still be replayed. */
export async function closeStripeEvent(
  deps: Deps,
  { eventId, operator, note }: { eventId: string; operator: string; note: string },
): Promise<Result<null>> {
  const [closed, [event]] = await deps.db.batch([
    closeEvent(deps.db, eventId, { closedBy: operator, note }),
    selectEvent(deps.db, eventId),
  ]);
  if (!event) return refuse("event_unknown");
  if (closed.length === 0) return refuse("state_wrong");
  deps.log.info("event_closed", { eventId, operator, note });
  return done;
}
