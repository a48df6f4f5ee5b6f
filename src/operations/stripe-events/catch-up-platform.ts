import { moveCursor, selectCursor } from "../../db/cursors";
import { done, type Result } from "../../domain/result";
import type { Deps } from "../deps";
import { catchUp, catchUpEveryMs } from "./catch-up";
import { platformTypes } from "./handled-types";

/** The name of the cursor: the time up to which Stripe's list of the platform's events was read. */
export const eventsCursor = "stripe-events";

/** Tells whether it is time to read the list again. */
export function isCatchUpDue(deps: Deps, readMs: number | undefined): boolean {
  return deps.nowMs() - (readMs ?? 0) >= catchUpEveryMs;
}

/**
 * Finds the platform's events that were lost on their way. Those of accounts are found when the accounts are checked.
 */
export async function catchUpPlatform(deps: Deps): Promise<Result<null>> {
  const [[cursor]] = await deps.db.batch([selectCursor(deps.db, eventsCursor)]);
  const readMs = cursor?.value ?? deps.nowMs() - catchUpEveryMs;
  const readTo = await catchUp(deps, { types: platformTypes }, readMs);
  if (readTo > readMs) await deps.db.batch([moveCursor(deps.db, eventsCursor, readTo)]);
  return done;
}
