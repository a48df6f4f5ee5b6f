import type { Database, Statement } from "../db/database";
import {
  type DueRow,
  type DueTable,
  selectDueCalls,
  selectDueCheckouts,
  selectDueConnectedAccounts,
  selectDueEvents,
  selectDueOpenCheckouts,
  selectDuePayments,
  selectDuePayoutAccounts,
  selectDuePayouts,
  selectDueRefunds,
  selectDueUnpaidPayments,
} from "../db/due";
import type { FollowUp } from "./follow-ups";
import { resumptionOf } from "./resume-call";

/**
 * The priority of a source: `must` moves money or waits for a Stripe call, `may` asks whether anything has happened.
 */
export type Rank = "must" | "may";

/** A row that is due, and the command that settles it under the key that the table of operations names. */
export interface Task extends DueRow {
  command: FollowUp;
}

/** One kind of rows that the sweep settles. */
export interface DueSource {
  kind: string;
  rank: Rank;
  /** The table whose rows are put off. */
  table: DueTable;
  /** Selects the longest overdue rows first. */
  select: (db: Database, nowMs: number, limit: number) => Statement;
  taskOf: (row: unknown) => Task;
}

type Select = (db: Database, nowMs: number, limit: number) => PromiseLike<{ dueAt: number | null }[]> & Statement;
type RowOf<S extends Select> = Awaited<ReturnType<S>>[number];

/**
 * All kinds of rows that the sweep settles. Putting off the rows that cannot be settled is built in, so that no source
 * can leave it out.
 */
export const dueSources: readonly DueSource[] = [
  source("must", "call", "call", selectDueCalls, {
    key: ({ aggregateId, id }) => [aggregateId, id],
    command: ({ id: effectId, ...call }) => resumptionOf({ ...call, effectId }),
  }),
  source("must", "event", "event", selectDueEvents, {
    key: ({ id }) => [id],
    command: ({ id }) => ({ name: "process-stripe-event", input: { eventId: id } }),
  }),
  source("must", "checkout", "checkout", selectDueCheckouts, { key: ofTestimony, command: settlingCheckout }),
  source("must", "payout", "payout", selectDuePayouts, {
    key: ofTestimony,
    command: ({ testimonyId, id }) => ({ name: "advance-payout", input: { testimonyId, payoutId: id } }),
  }),
  source("must", "refund", "refund", selectDueRefunds, {
    key: ofTestimony,
    command: ({ testimonyId, id }) => ({ name: "check-refund", input: { testimonyId, refundId: id } }),
  }),
  source("must", "payment", "payment", selectDuePayments, { key: ({ paymentId }) => [paymentId], command: checking }),
  source("may", "open_checkout", "checkout", selectDueOpenCheckouts, { key: ofTestimony, command: settlingCheckout }),
  source("may", "unpaid_payment", "payment", selectDueUnpaidPayments, {
    key: ({ paymentId }) => [paymentId],
    command: checking,
  }),
  source("may", "payout_account", "payout_account", selectDuePayoutAccounts, {
    key: ({ userId }) => [userId],
    command: ({ userId }) => ({ name: "check-payout-account", input: { userId } }),
  }),
  source("may", "connected_account", "connected_account", selectDueConnectedAccounts, {
    key: ({ id }) => [id],
    command: ({ id }) => ({ name: "check-connected-account", input: { id } }),
  }),
];

function source<S extends Select>(
  rank: Rank,
  kind: string,
  table: DueTable,
  select: S,
  row: { key: (row: RowOf<S>) => readonly string[]; command: (row: RowOf<S>) => FollowUp },
): DueSource {
  const taskOf = (found: unknown): Task => {
    const due = found as RowOf<S>;
    return { key: row.key(due), dueAt: due.dueAt ?? 0, command: row.command(due) };
  };
  return { kind, rank, table, select, taskOf };
}

function ofTestimony({ testimonyId, id }: { testimonyId: string; id: string }): readonly string[] {
  return [testimonyId, id];
}

function settlingCheckout({ testimonyId, id }: { testimonyId: string; id: string }): FollowUp {
  return { name: "accept-offer", input: { testimonyId, checkoutId: id, by: { actor: "clock" } } };
}

function checking({ developerId, appId, orderId, paymentId }: RowOf<typeof selectDuePayments>): FollowUp {
  return { name: "check-payment", input: { developerId, appId, orderId, paymentId, about: "everything" } };
}
