import { write } from "../db/database";
import { type DueRow, loadDue, moveCursor, purgeTokens, putOffDue, selectCursor } from "../db/due";
import { purgeKeys } from "../db/idempotency";
import { storeEvent } from "../db/stripe-events";
import { type Result, success } from "../domain/result";
import { listEvents, type StripeEvent } from "../stripe/event";
import { releaseHeldPayouts } from "./accounts/check-payout-account";
import type { Command, Output } from "./commands";
import type { Deps } from "./deps";
import { handledTypes } from "./events/handled-types";

/** One page of each kind a run; the next run takes the next. Keeps a run far below a thousand queries. */
const pageSize = 25;

/** How many commands run side by side: D1 has one writer, and Stripe allows 25 calls a second. */
const width = 8;

/** What a bug keeps from being settled is tried again after this long, behind everything else. */
const putOffMs = 5 * 60_000;

/** Stripe's own list of events is read this often, for those that never arrived. */
const catchUpEveryMs = 10 * 60_000;

/** How much time one look covers, and how many looks a run makes: a long gap is read piece by piece, run by run. */
const catchUpWindowMs = 24 * 60 * 60_000;
const catchUpLooksMax = 4;

/** How far back the first look goes, and how much later runs overlap: Stripe's list may lag its clock. */
const overlapMs = 5 * 60_000;

/**
 * Finishes whatever was left half-done: events, claimed calls, unsettled checkouts, payouts, refunds and accounts that
 * are due. Every command decides again on what is true under its lock, so a late or doubled run is harmless. Answers
 * how many rows were due.
 */
export async function sweep(deps: Deps): Promise<Result<Output<"sweep">>> {
  const nowMs = deps.nowMs();
  const due = await loadDue(deps.db, nowMs, pageSize);
  const tasks = [...tasksOf(due)];
  await deps.dispatch(due.deliveries);
  await sideBySide(deps, tasks);
  await deps.db.batch([purgeKeys(deps.db, nowMs, 200), purgeTokens(deps.db, nowMs, 200)]);
  await catchUp(deps, nowMs);
  return success({ found: tasks.length });
}

/** What is due, and the command that settles it. */
interface Task {
  row: DueRow;
  command: Command;
}

/** Claimed calls come first: what others wait for is usually one of them. */
function* tasksOf(due: Awaited<ReturnType<typeof loadDue>>): Generator<Task> {
  for (const { kind, aggregateId, id } of due.effects) {
    const root = kind === "create-account" ? "account" : "testimony";
    const command: Command = { name: "resume-effect", input: { root, aggregateId, effectId: id } };
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
        deps.log.error("sweep task failed", error, { command: task.command.name });
        await write(deps.db, [putOffDue(deps.db, task.row, deps.nowMs() + putOffMs)]);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Reads Stripe's list of events since the last look: what was dropped on the way is stored like any other (decisions X12). */
async function catchUp(deps: Deps, nowMs: number): Promise<void> {
  const [[cursor]] = await deps.db.batch([selectCursor(deps.db, "stripe-events")]);
  let readMs = cursor?.value ?? nowMs - catchUpEveryMs;
  for (let look = 0; look < catchUpLooksMax && nowMs - readMs >= catchUpEveryMs; look += 1) {
    const untilMs = Math.min(nowMs, readMs + catchUpWindowMs);
    const span = { fromMs: readMs - overlapMs, untilMs, types: handledTypes };
    const listed = await listEvents(deps.stripe, span);
    if (!listed.ok) {
      deps.log.warn("events not listed", { failure: listed.failure.kind, message: listed.failure.message });
      return;
    }
    await store(deps, listed.value, nowMs);
    await deps.db.batch([moveCursor(deps.db, "stripe-events", untilMs)]);
    readMs = untilMs;
  }
}

async function store(deps: Deps, events: readonly StripeEvent[], nowMs: number): Promise<void> {
  const rows = events.map(({ createdAtMs, ...event }) =>
    storeEvent(deps.db, { ...event, createdAt: createdAtMs, receivedAt: nowMs, dueAt: nowMs }),
  );
  for (let start = 0; start < rows.length; start += 50) await write(deps.db, rows.slice(start, start + 50));
}
