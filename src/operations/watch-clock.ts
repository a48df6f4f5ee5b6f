import { selectCursor } from "../db/cursors";
import { sweepEnded } from "../db/waiting-queries";
import { patienceMs } from "../domain/attention";
import type { Deps } from "./deps";

/**
 * Whether the clock has stopped. It cannot say so itself, and while it stands nobody hears of anything else that waits,
 * either. What still runs then are requests, the consumers of the queues, which nearly every change wakes, and a clock whose
 * runs all fail: the last two ask this, so that no request pays for it, and `/status` does. One row.
 */
export async function isClockStopped({ db }: Deps): Promise<boolean> {
  const [[ended]] = await db.batch([selectCursor(db, sweepEnded)]);
  return isTooLongAgo(ended?.movedAt);
}

/** Whether the clock's last run ended too long ago; one that has never run yet may be about to begin. */
export function isTooLongAgo(endedAtMs: number | null | undefined): boolean {
  return typeof endedAtMs === "number" && Date.now() - endedAtMs > patienceMs.sweep;
}
