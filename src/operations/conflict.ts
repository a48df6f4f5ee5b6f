import { callMovedOn } from "../db/stripe-effects";
import { violatedConstraint } from "../db/violated-constraint";

/** Somebody else changed the aggregate first: nothing was written, and the operation decides again on what is true now. */
export class Conflict extends Error {
  constructor(readonly constraint: string) {
    super(`lost a race at ${constraint}`);
    this.name = "Conflict";
  }
}

/** Whether a write failed because somebody else was faster: at the aggregate, or at a claimed call that was written by itself. */
export function conflictOf(error: unknown): Conflict | undefined {
  if (error instanceof Conflict) return error;
  return violatedConstraint(error) === callMovedOn ? new Conflict(callMovedOn) : undefined;
}
