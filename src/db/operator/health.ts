import { selectCursor } from "../cursors";
import type { Database } from "../database";
import {
  selectDueCalls,
  selectDueCheckouts,
  selectDueEvents,
  selectDuePayments,
  selectDuePayouts,
  selectDueRefunds,
} from "../due";
import { selectPublished } from "./attention-published";
import { sweepEnded } from "./waiting-queries";

/**
 * Reads whether the sweep works: when its last run ended, how long the oldest work that must be done has been due, and
 * whether the event that it has stopped was published. Throws if the database does not answer. One round trip.
 */
export async function readHealth(db: Database, nowMs: number) {
  const [[ended], [told], calls, events, checkouts, payouts, refunds, payments] = await db.batch([
    selectCursor(db, sweepEnded),
    selectPublished(db, { kind: "sweep_stopped", aggregateId: sweepEnded, aboutId: sweepEnded }),
    selectDueCalls(db, nowMs, 1),
    selectDueEvents(db, nowMs, 1),
    selectDueCheckouts(db, nowMs, 1),
    selectDuePayouts(db, nowMs, 1),
    selectDueRefunds(db, nowMs, 1),
    selectDuePayments(db, nowMs, 1),
  ]);
  const due = Object.entries({ calls, events, checkouts, payouts, refunds, payments }).flatMap(([kind, rows]) =>
    rows.map(({ dueAt }) => ({ kind: kind.slice(0, -1), dueAt: dueAt ?? nowMs })),
  );
  const [oldestDue] = due.toSorted((a, b) => a.dueAt - b.dueAt);
  return { sweptAt: ended?.movedAt ?? undefined, isPublished: told !== undefined, oldestDue };
}
