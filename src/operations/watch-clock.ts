import { selectCursor } from "../db/cursors";
import { sweepEnded } from "../db/operator/waiting-queries";
import { isSweepLate } from "../domain/attention";
import type { Deps } from "./deps";

/**
 * Tells whether the clock has stopped. It cannot tell so itself, and while it is stopped nobody is told of anything
 * else that waits. What still runs then are requests, the consumers of the queues, which nearly every change wakes, and
 * a clock whose runs all fail. The last two ask this, so that no request pays for it; `/status` asks too. One row.
 */
export async function isClockStopped({ db }: Deps): Promise<boolean> {
  const [[ended]] = await db.batch([selectCursor(db, sweepEnded)]);
  return isSweepLate(ended?.movedAt, Date.now());
}
