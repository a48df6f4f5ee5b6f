import { callMovedOn } from "../db/stripe-effects";
import { violatedConstraint } from "../db/violated-constraint";

/**
 * Says that another writer changed the aggregate first: nothing was written, and the operation decides again on the new
 * state.
 */
export class Conflict extends Error {
  constructor(readonly constraint: string) {
    super(`lost a race at ${constraint}`);
    this.name = "Conflict";
  }
}

/**
 * Returns the Conflict if a write failed because another writer was faster, at the aggregate or at a Stripe call that
 * was written by itself. Returns undefined for any other error.
 */
export function conflictOf(error: unknown): Conflict | undefined {
  if (error instanceof Conflict) return error;
  return violatedConstraint(error) === callMovedOn ? new Conflict(callMovedOn) : undefined;
}
