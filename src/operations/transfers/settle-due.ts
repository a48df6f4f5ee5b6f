import { loadUnsettled } from "../../db/count-settlement";
import { moveCursor, selectCursor } from "../../db/cursors";
import { defaultCurrency } from "../../domain/currency";
import { daysFrom, dayToSettle, startOf } from "../../domain/day";
import type { Deps } from "../deps";

/** A run of the sweep settles at most so many days: after a long pause the next runs go on, far below a thousand queries. */
const daysMax = 100;

/**
 * Settles what is to be settled by now: every day since the first entry. Its cursor is the last day
 * that was looked at, so that all runs but one a day read a row and end. One that fails is tried again by the next, and
 * keeps the rest of the sweep from nothing.
 */
export async function settleDue(deps: Deps): Promise<void> {
  const due = dayToSettle(deps.nowMs());
  try {
    const [[cursor]] = await deps.db.batch([selectCursor(deps.db, "settlement")]);
    if (cursor && cursor.value >= startOf(due)) return;
    const { next } = await loadUnsettled(deps.db, due, defaultCurrency);
    const days = next === undefined ? [] : daysFrom(next, due).slice(0, daysMax);
    const day = days.at(-1);
    if (day !== undefined) await deps.inOrder({ name: "settle-day", input: { day, by: "clock" } });
    if (day === undefined || day === due) await deps.db.batch([moveCursor(deps.db, "settlement", startOf(due))]);
  } catch (error) {
    deps.log.error("settlement_failed", error, { due });
  }
}
