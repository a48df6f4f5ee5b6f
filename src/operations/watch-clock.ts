import { selectCursor } from "../db/cursors";
import { sweepEnded } from "../db/waiting-queries";
import { isSweepLate } from "../domain/attention";
import type { Deps } from "./deps";

/**
 * Whether the clock has stopped. It cannot say so itself, and while it stands nobody hears of anything else that waits,
 * either. What still runs then are requests, the consumers of the queues, which nearly every change wakes, and a clock whose
 * runs all fail: the last two ask this, so that no request pays for it, and `/status` does. One row.
 */
export async function isClockStopped({ db }: Deps): Promise<boolean> {
  const [[ended]] = await db.batch([selectCursor(db, sweepEnded)]);
  return isSweepLate(ended?.movedAt, Date.now());
}
