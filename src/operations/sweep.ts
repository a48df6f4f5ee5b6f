import { moveCursor, selectCursor } from "../db/cursors";
import { type Statement, write } from "../db/database";
import { sweepEnded } from "../db/waiting-queries";
import { selectDueDeliveries } from "../db/webhook-deliveries";
import { type Result, success } from "../domain/result";
import { areFeesDue, feesCursor } from "./book-stripe-fees";
import type { Command, Input, Output } from "./commands";
import type { Deps } from "./deps";
import { eventsCursor, isCatchUpDue } from "./events/catch-up-platform";
import { purgePage } from "./purge";
import { firstPages, type Settled, settleDueRows } from "./settle-due-rows";
import { tellAttention } from "./tell-attention";
import { sweepTransfers } from "./transfers/sweep-transfers";

/** The runs that one minute's run causes end before the next minute's begins. */
const lastsMs = 50_000;

/** Runs that follow each other sooner, as in the sandbox, need not all be written down. */
const saidEveryMs = 30_000;

/** Until when a run and those that it causes are at work; in the past when none is. */
const cursor = "sweep";

/** Deliveries are handed on, not made: a run can take many, and of each endpoint as many as it may catch up with. */
const deliveriesMax = { each: 500, all: 2_000 };

/**
 * Finishes whatever was left half-done: events, claimed calls, unsettled checkouts, payouts, refunds and accounts that
 * are due; transfers that nobody answered in time, and days that nobody settled. Every command decides again on what is
 * true when it runs, so a late or doubled run is harmless. A run that leaves something behind asks through the queue for
 * another one, which has its own thousand queries, until `untilMs`; meanwhile the clock's own runs leave it the due rows.
 * While the time that the database has lost is being searched, nothing is finished by the clock.
 */
export async function sweep(deps: Deps, { untilMs }: Input<"sweep">): Promise<Result<Output<"sweep">>> {
  const nowMs = deps.nowMs();
  const [[underWay], [ended], [eventsRead], [feesRead], deliveries, ...due] = await deps.db.batch([
    selectCursor(deps.db, cursor),
    selectCursor(deps.db, sweepEnded),
    selectCursor(deps.db, eventsCursor),
    selectCursor(deps.db, feesCursor),
    selectDueDeliveries(deps.db, nowMs, deliveriesMax),
    ...firstPages(deps),
  ]);
  if ((await deps.restored())?.isRecovering) return success({ found: 0 });
  await deps.dispatch(deliveries.map((key) => ({ kind: "event", ...key })));
  const expired = await sweepTransfers(deps); // before whatever waits for Stripe: they need nobody
  const isOthers = untilMs === undefined && isBetween(underWay?.value, nowMs, nowMs + lastsMs);
  const endMs = untilMs ?? nowMs + lastsMs;
  const settled = isOthers ? undefined : await settleDueRows(deps, due as unknown[][], endMs);
  const isPurged = await purgePage(deps);
  const goesOn = settled !== undefined && mayGoOn(deps, settled, endMs);
  const isMoved = goesOn || (underWay && underWay.value > nowMs && !isOthers);
  await write(deps.db, [
    ...(isMoved ? [moveCursor(deps.db, cursor, goesOn ? endMs : nowMs)] : []),
    ...(untilMs === undefined ? endedNow(deps, ended?.movedAt) : []),
  ]);
  const next: Command[] = [
    ...(goesOn ? [{ name: "sweep", input: { untilMs: endMs } } as const] : []),
    ...(isPurged ? [] : [{ name: "purge", input: {} } as const]),
    ...(isCatchUpDue(deps, eventsRead?.value) ? [{ name: "catch-up-platform", input: {} } as const] : []),
    ...(areFeesDue(deps, feesRead?.value) ? [{ name: "book-stripe-fees", input: {} } as const] : []),
  ];
  await deps.nudge(next);
  if (untilMs === undefined) await tellAttention(deps); // last: whatever comes of it keeps nothing else from being done
  deps.log.info("sweep", { ...settled, deliveries: deliveries.length, expired, goesOn, cost: deps.cost });
  return success({ found: (settled?.found ?? 0) + expired });
}

/** Says that the clock's own run has ended, once a minute at most. */
function endedNow({ db, nowMs }: Deps, lastMs: number | null = 0): Statement[] {
  return Date.now() - (lastMs ?? 0) < saidEveryMs ? [] : [moveCursor(db, sweepEnded, nowMs())];
}

/** More is due, and this run has moved something: one that could do nothing would only cause another such. */
function mayGoOn(deps: Deps, { left, found }: Settled, endMs: number): boolean {
  return left.length > 0 && found > 0 && deps.nowMs() < endMs;
}

/** The clock of the sandbox can be moved back: a time that is too far ahead says nothing. */
function isBetween(value: number | undefined, fromMs: number, toMs: number): boolean {
  return value !== undefined && value > fromMs && value <= toMs;
}
