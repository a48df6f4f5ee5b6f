import { moveCursor, selectCursor } from "../db/cursors";
import { write } from "../db/database";
import { type DueRow, loadDue, putOffDue } from "../db/due";
import { purgeKeys } from "../db/idempotency";
import { purgeTokens } from "../db/tokens";
import { type Result, success } from "../domain/result";
import { releaseHeldPayouts } from "./accounts/check-payout-account";
import { areFeesDue, feesCursor } from "./book-stripe-fees";
import type { Command, Output } from "./commands";
import type { Deps } from "./deps";
import { catchUp, catchUpEveryMs } from "./events/catch-up";
import { platformTypes } from "./events/handled-types";
import { methodCalls } from "./payment-methods/method-effects";
import { sweepTransfers } from "./transfers/sweep-transfers";

/** One page of each kind a run; the next run takes the next. Keeps a run far below a thousand queries. */
const pageSize = 25;

/** How many commands run side by side: D1 has one writer, and Stripe allows 25 calls a second. */
const width = 8;

/** Keys are forgotten as fast as one database can take them: a run a minute, and some thirteen commits a second. */
const keysMax = 1_000;

/** What a bug keeps from being settled is tried again after this long, behind everything else. */
const putOffMs = 5 * 60_000;

/**
 * Finishes whatever was left half-done: events, claimed calls, unsettled checkouts, payouts, refunds and accounts that
 * are due; transfers that nobody answered in time, and days that nobody settled. Every command decides again on what is
 * true when it runs, so a late or doubled run is harmless. Answers how many rows were due.
 */
export async function sweep(deps: Deps): Promise<Result<Output<"sweep">>> {
  const nowMs = deps.nowMs();
  const due = await loadDue(deps.db, nowMs, pageSize);
  const tasks = [...tasksOf(due)];
  await deps.dispatch(due.deliveries.map((key) => ({ kind: "event", ...key })));
  const handedOn = await sweepTransfers(deps); // before whatever waits for Stripe: they need nobody
  await sideBySide(deps, tasks);
  const [, , eventsRead, feesRead] = await deps.db.batch([
    purgeKeys(deps.db, nowMs, keysMax),
    purgeTokens(deps.db, nowMs, 200),
    selectCursor(deps.db, "stripe-events"),
    selectCursor(deps.db, feesCursor),
  ]);
  await catchUpPlatform(deps, eventsRead[0]?.value ?? nowMs - catchUpEveryMs);
  if (areFeesDue(deps, feesRead[0]?.value)) await deps.nudge([{ name: "book-stripe-fees", input: {} }]);
  return success({ found: tasks.length + handedOn });
}

/** What is due, and the command that settles it. */
interface Task {
  row: DueRow;
  command: Command;
}

/** Claimed calls come first: what others wait for is usually one of them. */
function* tasksOf(due: Awaited<ReturnType<typeof loadDue>>): Generator<Task> {
  for (const { kind, aggregateId, id, order } of due.effects) {
    const command: Command = order
      ? { name: "resume-payment", input: { ...order, paymentId: aggregateId, effectId: id } }
      : resumption(kind, aggregateId, id);
    yield { row: { kind: "effect", aggregateId, id }, command };
  }
  for (const { id } of due.events) {
    yield { row: { kind: "event", id }, command: { name: "process-stripe-event", input: { eventId: id } } };
  }
  for (const { testimonyId, id } of due.checkouts) {
    const input = { testimonyId, checkoutId: id, by: { actor: "clock" } } as const;
    yield { row: { kind: "checkout", testimonyId, id }, command: { name: "accept-offer", input } };
  }
  for (const { testimonyId, id } of due.payouts) {
    const input = { testimonyId, payoutId: id };
    yield { row: { kind: "payout", testimonyId, id }, command: { name: "advance-payout", input } };
  }
  for (const { testimonyId, id } of due.refunds) {
    const input = { testimonyId, refundId: id };
    yield { row: { kind: "refund", testimonyId, id }, command: { name: "check-refund", input } };
  }
  for (const { userId } of due.accounts) {
    yield { row: { kind: "account", userId }, command: { name: "check-payout-account", input: { userId } } };
  }
  for (const key of due.payments) {
    const input = { ...key, about: "everything" } as const;
    yield { row: { kind: "payment", id: key.paymentId }, command: { name: "check-payment", input } };
  }
  for (const { id } of due.connectedAccounts) {
    yield { row: { kind: "connected_account", id }, command: { name: "check-connected-account", input: { id } } };
  }
}

/** The command that takes up a claimed call: under the lock of what the call belongs to. */
function resumption(kind: string, aggregateId: string, effectId: string): Command {
  if (kind === "create-connected-account" || kind === "delete-connected-account") {
    return { name: "resume-connected-account", input: { id: aggregateId } };
  }
  if (methodCalls.includes(kind)) return { name: "resume-shopper", input: { userId: aggregateId } };
  const root = kind === "create-account" ? "account" : "testimony";
  return { name: "resume-effect", input: { root, aggregateId, effectId } };
}

/** A task that throws is logged and put off; it never touches its neighbours. */
async function sideBySide(deps: Deps, tasks: readonly Task[]): Promise<void> {
  const queue = [...tasks];
  const worker = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) {
      try {
        await deps.inOrder(task.command);
        if (task.row.kind === "account") await releaseHeldPayouts(deps, task.row.userId);
      } catch (error) {
        deps.log.error("sweep_task_failed", error, { command: task.command.name });
        await write(deps.db, [putOffDue(deps.db, task.row, deps.nowMs() + putOffMs)]);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Finds the platform's events that were dropped on the way (decisions X12); accounts' are found when they are checked. */
async function catchUpPlatform(deps: Deps, readMs: number): Promise<void> {
  const readTo = await catchUp(deps, { types: platformTypes }, readMs);
  if (readTo > readMs) await deps.db.batch([moveCursor(deps.db, "stripe-events", readTo)]);
}
