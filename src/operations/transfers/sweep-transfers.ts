import { moveCursor } from "../../db/cursors";
import { loadDueTransfers, loadMoreOverdue, type Overdue } from "../../db/due-transfers";
import type { Deps } from "../deps";
import { settleDue } from "./settle-due";

/** Expirations are handed on, like deliveries: thousands may be due in the same second. So many pages a run. */
const pageSize = 500;
const pagesMax = 6;

/** Where the next run goes on, while more are overdue than one run takes; at the list's beginning otherwise. */
const cursor = "expirations";

/**
 * The transfers' part of a sweep: hands on what expired and whom to tell, and settles the days that are over. Answers how
 * many transfers were handed on.
 */
export async function sweepTransfers(deps: Deps): Promise<number> {
  const nowMs = deps.nowMs();
  const { errands, overdue, reachedMs } = await loadDueTransfers(deps.db, nowMs, { cursor, limit: pageSize });
  await deps.dispatch(errands);
  const handedOn = await handOn(deps, nowMs, { overdue, reachedMs });
  await settleDue(deps);
  return handedOn;
}

/**
 * A transfer that cannot be expired stays overdue, and its time is its own, so it cannot be put off. So a run goes on
 * where the last one stopped, and thousands of such transfers cost others a few runs, not for ever.
 */
async function handOn(
  deps: Deps,
  nowMs: number,
  first: { overdue: readonly Overdue[]; reachedMs: number },
): Promise<number> {
  let page = first.overdue;
  let handedOn = 0;
  for (let pages = 1; ; pages += 1) {
    await deps.nudge(page.map(({ reference }) => ({ name: "expire-transfer", input: { reference } })));
    handedOn += page.length;
    const last = page.at(-1);
    const isFull = page.length === pageSize && last !== undefined;
    if (!isFull || pages === pagesMax) {
      const goOnMs = isFull ? last.expiresAt + 1 : 0;
      if (goOnMs !== first.reachedMs) await deps.db.batch([moveCursor(deps.db, cursor, goOnMs)]);
      return handedOn;
    }
    page = await loadMoreOverdue(deps.db, nowMs, last, pageSize);
  }
}
