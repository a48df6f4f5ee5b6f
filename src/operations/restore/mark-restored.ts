import { endRecovery, markOf, type RestoreMark, selectMark, writeMark } from "../../db/restore-mark";
import { done, type Result, refuse, success } from "../../domain/result";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/**
 * Records to which moment the database was restored. From then on changes wait, nothing is published, and Stripe is
 * asked before anything is sent about older objects, until the lost time was searched. Refuses `state_wrong` for a
 * moment in the future.
 */
export async function markRestored(
  deps: Deps,
  { restoredToMs, operator }: Input<"mark-restored">,
): Promise<Result<RestoreMark>> {
  const markedAtMs = deps.nowMs();
  if (restoredToMs > markedAtMs) return refuse("state_wrong", "The moment is to come.");
  const [, rows] = await deps.db.batch([writeMark(deps.db, { restoredToMs, markedAtMs }), selectMark(deps.db)]);
  const mark = markOf(rows);
  if (!mark) throw new Error("the mark was not kept");
  deps.log.warn("restore_marked", { ...mark, operator });
  return success(mark);
}

/** Records that the lost time was searched, so that changes go on. */
export async function endRecovering(deps: Deps, { operator }: Input<"end-recovery">): Promise<Result<null>> {
  await deps.db.batch([endRecovery(deps.db)]);
  deps.log.warn("recovery_ended", { operator });
  return done;
}
