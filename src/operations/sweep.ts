import { moveCursor, selectCursor } from "../db/cursors";
import { type Statement, write } from "../db/database";
import { selectDueMails } from "../db/offers/mails";
import { sweepEnded } from "../db/operator/waiting-queries";
import { selectDueDeliveries } from "../db/webhooks/deliveries";
import { type Result, success } from "../domain/result";
import { areFeesDue, feesCursor } from "./book-stripe-fees";
import type { Deps } from "./deps";
import type { FollowUp, FollowUps } from "./follow-ups";
import { publishAttention } from "./operator/publish-attention";
import { purgePage } from "./purge";
import { firstPages, type Settled, settleDueRows } from "./settle-due-rows";
import { eventsCursor, isCatchUpDue } from "./stripe-events/catch-up-platform";
import { sweepTransfers } from "./transfers/sweep-transfers";

/**
 * The longest that a run of the clock and the runs that follow from it may take: they end before its next run begins.
 */
const runMaxMs = 50_000;

/** The shortest time between two records of a run's end: in the sandbox, runs can follow each other closely. */
const recordIntervalMs = 30_000;

/** The name of the cursor. Its time is the end of the runs that are at work; it is in the past if none is. */
const cursor = "sweep";

/** The most deliveries of one run, for one endpoint and for all. They are only enqueued, not made. */
const deliveriesMax = { each: 500, all: 2_000 };

/** The most mails of one run; they, too, are only enqueued. */
const mailsMax = 100;

/**
 * Finishes what is due: events, pending calls, unsettled checkouts, payouts, refunds and accounts; transfers that
 * nobody answered in time, and days that nobody settled. Every command decides again on the state that it finds, so a
 * late or doubled run is harmless.
 *
 * A run that cannot finish everything enqueues another one, which has a thousand queries of its own. `untilMs` is set
 * on such a run: the time at which it must end. Until then the clock's own runs leave the due rows to it. After a
 * restore of the database, nothing is finished until the lost time was searched. Returns the number of rows that were
 * due.
 */
export async function sweep(deps: Deps, { untilMs }: FollowUps["sweep"]): Promise<Result<{ found: number }>> {
  const nowMs = deps.nowMs();
  const [[underWay], [ended], [eventsRead], [feesRead], deliveries, mails, ...due] = await deps.db.batch([
    selectCursor(deps.db, cursor),
    selectCursor(deps.db, sweepEnded),
    selectCursor(deps.db, eventsCursor),
    selectCursor(deps.db, feesCursor),
    selectDueDeliveries(deps.db, nowMs, deliveriesMax),
    selectDueMails(deps.db, nowMs, mailsMax),
    ...firstPages(deps),
  ]);
  if ((await deps.restored())?.isRecovering) return success({ found: 0 });
  await deps.enqueueDeliveries(deliveries.map((key) => ({ kind: "event", ...key })));
  const expired = await sweepTransfers(deps); // first, because they do not wait for Stripe
  const isLeftToOther = untilMs === undefined && isBetween(underWay?.value, nowMs, nowMs + runMaxMs);
  const endMs = untilMs ?? nowMs + runMaxMs;
  const settled = isLeftToOther ? undefined : await settleDueRows(deps, due as unknown[][], endMs);
  const isPurged = await purgePage(deps);
  const goesOn = settled !== undefined && mayGoOn(deps, settled, endMs);
  // A run that ends early takes the cursor back, so that the clock's next run need not wait.
  const movesCursor = goesOn || (underWay && underWay.value > nowMs && !isLeftToOther);
  await write(deps.db, [
    ...(movesCursor ? [moveCursor(deps.db, cursor, goesOn ? endMs : nowMs)] : []),
    ...(untilMs === undefined ? endedNow(deps, ended?.movedAt) : []),
  ]);
  const next: FollowUp[] = [
    ...mails.map((input) => ({ name: "send-mail", input }) as const),
    ...(goesOn ? [{ name: "sweep", input: { untilMs: endMs } } as const] : []),
    ...(isPurged ? [] : [{ name: "purge", input: {} } as const]),
    ...(isCatchUpDue(deps, eventsRead?.value) ? [{ name: "catch-up-platform", input: {} } as const] : []),
    ...(areFeesDue(deps, feesRead?.value) ? [{ name: "book-stripe-fees", input: {} } as const] : []),
  ];
  await deps.enqueueCommands(next);
  if (untilMs === undefined) await publishAttention(deps); // last, so that a failure stops nothing else
  deps.log.info("sweep", { ...settled, deliveries: deliveries.length, expired, goesOn, cost: deps.cost });
  return success({ found: (settled?.found ?? 0) + expired });
}

/** Makes the row that records the end of the clock's own run, unless one was recorded a short while ago. */
function endedNow({ db, nowMs }: Deps, lastMs: number | null = 0): Statement[] {
  return Date.now() - (lastMs ?? 0) < recordIntervalMs ? [] : [moveCursor(db, sweepEnded, nowMs())];
}

/**
 * Tells whether another run makes sense: more is due, and this run has moved something. After a run that moved nothing,
 * another one would not either.
 */
function mayGoOn(deps: Deps, { left, found }: Settled, endMs: number): boolean {
  return left.length > 0 && found > 0 && deps.nowMs() < endMs;
}

/** Tells whether a time is in a range. The sandbox's clock can be moved back, so a time too far ahead means nothing. */
function isBetween(value: number | undefined, fromMs: number, toMs: number): boolean {
  return value !== undefined && value > fromMs && value <= toMs;
}
