import type { RestoreMark } from "../db/restore-mark";
import { isId, timeOf } from "../domain/id";
import { dayMs } from "../domain/time";
import type { Deps } from "./deps";

/** The period in which Stripe is asked first before anything is sent about objects older than the mark. */
const watchfulMs = 30 * dayMs;

/**
 * Returns the time that the database has lost, if an object with this id of ours may have been active in it: it is
 * older than the mark. Undefined if the database was never restored, or so long ago that every caller of that time has
 * ended.
 */
export async function lostTimeOf(deps: Pick<Deps, "restored" | "nowMs">, id: string): Promise<RestoreMark | undefined> {
  const mark = await deps.restored();
  if (!mark || deps.nowMs() - mark.markedAtMs > watchfulMs) return undefined;
  return isId(id) && timeOf(id) < mark.markedAtMs ? mark : undefined;
}
