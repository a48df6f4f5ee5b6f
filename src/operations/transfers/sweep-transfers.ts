import { moveCursor } from "../../db/cursors";
import { loadDueTransfers, loadMoreOverdue, type Overdue } from "../../db/transfers/due-transfers";
import type { Deps } from "../deps";
import { settleDue } from "./settle-due";

/**
 * The size and number of pages of one run. Expirations are enqueued, like deliveries, because thousands may be due in
 * the same second.
 */
const pageSize = 500;
const pagesMax = 6;

/**
 * The name of the cursor. If more transfers are overdue than one run takes, it says where the next run continues;
 * otherwise the next run begins at the list's beginning.
 */
const cursor = "expirations";

/**
 * Does the transfers' part of a sweep: enqueues expirations and delivery jobs, and settles the days that are over.
 * Returns the number of enqueued expirations.
 */
export async function sweepTransfers(deps: Deps): Promise<number> {
  const nowMs = deps.nowMs();
  const { jobs, overdue, reachedMs } = await loadDueTransfers(deps.db, nowMs, { cursor, limit: pageSize });
  await deps.enqueueDeliveries(jobs);
  const handedOn = await handOn(deps, nowMs, { overdue, reachedMs });
  await settleDue(deps);
  return handedOn;
}

/**
 * Enqueues expirations. A transfer that cannot be expired stays overdue and cannot be put off, because it has no time
 * but its expiry, which must not change. So a run continues where the last one stopped, and thousands of such transfers
 * delay others by a few runs only.
 */
async function handOn(
  deps: Deps,
  nowMs: number,
  first: { overdue: readonly Overdue[]; reachedMs: number },
): Promise<number> {
  let page = first.overdue;
  let handedOn = 0;
  for (let pages = 1; ; pages += 1) {
    await deps.enqueueCommands(page.map(({ reference }) => ({ name: "expire-transfer", input: { reference } })));
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
