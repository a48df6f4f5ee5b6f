import { selectCursor } from "../db/cursors";
import { sweepEnded } from "../db/operator/waiting-queries";
import { isSweepLate } from "../domain/attention";
import type { Deps } from "./deps";

/**
 * Tells whether the clock has stopped. A stopped clock cannot report that itself, and while it is stopped the operator
 * is told of nothing else that waits. So others ask: the consumers of the queues, which nearly every change wakes, and
 * the clock after a failed run. Requests do not ask, so that none pays for it, except `/status` by a read of its own.
 * Reads one row.
 */
export async function isClockStopped({ db }: Deps): Promise<boolean> {
  const [[ended]] = await db.batch([selectCursor(db, sweepEnded)]);
  return isSweepLate(ended?.movedAt, Date.now());
}
