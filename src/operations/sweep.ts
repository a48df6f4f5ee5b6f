import { loadDue, moveCursor, purgeTokens, selectCursor } from "../db/due";
import { purgeKeys } from "../db/idempotency";
import { storeEvent } from "../db/stripe-events";
import { type Result, success } from "../domain/result";
import { listEvents } from "../stripe/event";
import { releaseHeldPayouts } from "./accounts/check-payout-account";
import type { Command, Output } from "./commands";
import type { Deps } from "./deps";
import { handledTypes } from "./events/handled-types";

/** One page of each kind a run; the next run takes the next. Keeps a run far below a thousand queries. */
const pageSize = 25;

/** How many commands run side by side: D1 has one writer, and Stripe allows 25 calls a second. */
const width = 8;

/** Stripe's own list of events is read this often, for those that never arrived. */
const catchUpEveryMs = 10 * 60_000;

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
  const tasks: (() => Promise<unknown>)[] = [
    ...due.effects.map((row) => {
      const root = row.kind === "create-account" ? ("account" as const) : ("testimony" as const);
      return inOrder(deps, { name: "resume-effect", input: { root, aggregateId: row.aggregateId, effectId: row.id } });
    }),
    ...due.events.map((row) => inOrder(deps, { name: "process-stripe-event", input: { eventId: row.id } })),
    ...due.checkouts.map((row) =>
      inOrder(deps, {
        name: "accept-offer",
        input: { testimonyId: row.testimonyId, checkoutId: row.id, by: { actor: "clock" } },
      }),
    ),
    ...due.payouts.map((row) =>
      inOrder(deps, { name: "advance-payout", input: { testimonyId: row.testimonyId, payoutId: row.id } }),
    ),
    ...due.refunds.map((row) =>
      inOrder(deps, { name: "check-refund", input: { testimonyId: row.testimonyId, refundId: row.id } }),
    ),
    ...due.accounts.map((row) => async () => {
      await deps.inOrder({ name: "check-payout-account", input: { userId: row.userId } });
      await releaseHeldPayouts(deps, row.userId);
    }),
  ];
  await sideBySide(deps, tasks);
  await deps.db.batch([purgeKeys(deps.db, nowMs, 200), purgeTokens(deps.db, nowMs, 200)]);
  await catchUp(deps, nowMs);
  return success({ found: tasks.length });
}

function inOrder(deps: Deps, command: Command): () => Promise<unknown> {
  return () => deps.inOrder(command);
}

/** A task that fails is logged and stays due; it never touches its neighbours. */
async function sideBySide(deps: Deps, tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  const queue = [...tasks];
  const worker = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) {
      await task().catch((error: unknown) => deps.log.error("sweep task failed", error));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Reads Stripe's list of events since the last look: what was dropped on the way is stored like any other (decisions X12). */
async function catchUp(deps: Deps, nowMs: number): Promise<void> {
  const [[cursor]] = await deps.db.batch([selectCursor(deps.db, "stripe-events")]);
  if (cursor && nowMs - cursor.value < catchUpEveryMs) return;
  const since = Math.floor(((cursor?.value ?? nowMs) - overlapMs) / 1000);
  const listed = await listEvents(deps.stripe, since, handledTypes);
  if (!listed.ok) {
    deps.log.warn("events not listed", { failure: listed.failure.kind });
    return;
  }
  for (let start = 0; start < listed.value.length; start += 50) {
    const page = listed.value
      .slice(start, start + 50)
      .map(({ createdAtMs, ...event }) =>
        storeEvent(deps.db, { ...event, createdAt: createdAtMs, receivedAt: nowMs, dueAt: nowMs }),
      );
    const [first, ...rest] = page;
    if (first) await deps.db.batch([first, ...rest]);
  }
  await deps.db.batch([moveCursor(deps.db, "stripe-events", nowMs)]);
}
