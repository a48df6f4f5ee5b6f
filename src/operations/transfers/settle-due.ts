import { moveCursor, selectCursor } from "../../db/cursors";
import { loadUnsettled } from "../../db/transfers/count-settlement";
import { defaultCurrency } from "../../domain/currency";
import { daysFrom, dayToSettle, startOf } from "../../domain/transfers/day";
import type { Deps } from "../deps";

/**
 * The most days that a run of the sweep settles: after a long pause the next runs continue, far below a thousand
 * queries.
 */
const daysMax = 100;

/**
 * Settles every day that is due since the first entry. Its cursor is the last day that was checked, so that all runs
 * but one a day read a row and end. A failure is logged and does not stop the sweep; the next run tries again.
 */
export async function settleDue(deps: Deps): Promise<void> {
  const due = dayToSettle(deps.nowMs());
  try {
    const [[cursor]] = await deps.db.batch([selectCursor(deps.db, "settlement")]);
    if (cursor && cursor.value >= startOf(due)) return;
    const { next } = await loadUnsettled(deps.db, due, defaultCurrency);
    const days = next === undefined ? [] : daysFrom(next, due).slice(0, daysMax);
    const day = days.at(-1);
    if (day !== undefined) await deps.runSerialized({ name: "settle-day", input: { day, by: "clock" } });
    if (day === undefined || day === due) await deps.db.batch([moveCursor(deps.db, "settlement", startOf(due))]);
  } catch (error) {
    deps.log.error("settlement_failed", error, { due });
  }
}
