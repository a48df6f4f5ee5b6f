import { selectLastSettled, selectUncounted } from "../../db/count-settlement";
import { moveCursor, selectCursor } from "../../db/due";
import { defaultCurrency } from "../../domain/currency";
import { dayAfter, daysFrom, dayToSettle, startOf } from "../../domain/day";
import type { Deps } from "../deps";

/** A run of the sweep settles at most so many days: after a long pause the next runs go on, far below a thousand queries. */
const daysMax = 100;

/**
 * Settles what is to be settled by now: every day since the first entry (transfers.md U22). Its cursor is the last day
 * that was looked at, so that all runs but one a day read a row and end. One that fails is tried again by the next.
 */
export async function settleDue(deps: Deps): Promise<void> {
  const due = dayToSettle(deps.nowMs());
  const [[cursor], [last]] = await deps.db.batch([
    selectCursor(deps.db, "settlement"),
    selectLastSettled(deps.db, defaultCurrency),
  ]);
  if (cursor && cursor.value >= startOf(due)) return;
  const first = last ? dayAfter(last.day) : await firstUncounted(deps, due);
  const days = first === undefined ? [] : daysFrom(first, due).slice(0, daysMax);
  const day = days.at(-1);
  try {
    if (day !== undefined) await deps.inOrder({ name: "settle-day", input: { day, by: "clock" } });
    if (day === undefined || day === due) await deps.db.batch([moveCursor(deps.db, "settlement", startOf(due))]);
  } catch (error) {
    deps.log.error("settlement failed", error, { day });
  }
}

async function firstUncounted(deps: Deps, due: string): Promise<string | undefined> {
  const [uncounted] = await deps.db.batch([selectUncounted(deps.db, due)]);
  return uncounted[0]?.day;
}
