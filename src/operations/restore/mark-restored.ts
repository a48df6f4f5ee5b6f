import { endRecovery, markOf, type RestoreMark, selectMark, writeMark } from "../../db/restore-mark";
import { done, type Result, refuse, success } from "../../domain/result";
import type { Deps } from "../deps";

/**
 * Records the moment to which the database was restored. Until the lost time was searched, changes wait and nothing is
 * published. For 30 days, Stripe is asked what exists before anything is sent about objects that are older than this
 * mark. Refuses `state_wrong` for a moment in the future.
 */
export async function markRestored(
  deps: Deps,
  { restoredToMs, operator }: { restoredToMs: number; operator: string },
): Promise<Result<RestoreMark>> {
  const markedAtMs = deps.nowMs();
  if (restoredToMs > markedAtMs) return refuse("state_wrong", "The moment is to come.");
  const [, rows] = await deps.db.batch([writeMark(deps.db, { restoredToMs, markedAtMs }), selectMark(deps.db)]);
  const mark = markOf(rows);
  if (!mark) throw new Error("the mark was not kept");
  deps.log.warn("restore_marked", { ...mark, operator });
  return success(mark);
}

/** Records that the lost time was searched, so that changes and publications go on. */
export async function endRecovering(deps: Deps, { operator }: { operator: string }): Promise<Result<null>> {
  await deps.db.batch([endRecovery(deps.db)]);
  deps.log.warn("recovery_ended", { operator });
  return done;
}
