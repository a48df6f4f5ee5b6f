import { unpaid } from "../../src/db/payments/tables";
import type { AttentionKind } from "../../src/domain/attention";
import { needPerson } from "../../src/domain/offers/payout";
import type { Invariant } from "./invariants";
import type { Snapshot } from "./snapshot";

/*
 * Invariants after every step: nothing that is not final is unseen. The clock resumes it, or it is, or was until
 * somebody saw it, on the list of what waits for a person.
 */

/** The states of each table in which rows must have a due time. */
const moving = {
  checkouts: ["claimed", "open", "processing", "returning"],
  payouts: ["due", "held", "sending", "reversing"],
  refunds: ["claimed", "pending"],
} as const;

/** The age after which an unpaid payment is left alone until somebody reads or pays it. */
const unpaidAskedAboutMs = 30 * 24 * 60 * 60 * 1000;

const stillMoves: Invariant = ({ rows, stripe }) => [
  ...Object.entries(moving).flatMap(([table, states]) =>
    rows[table as keyof typeof moving]
      .filter(({ state, dueAt }) => (states as readonly string[]).includes(state) && dueAt === null)
      .filter(({ testimonyId }) => !isCarriedOn(rows, testimonyId))
      .map(({ id, state }) => `${table} ${id} is ${state}, and nobody looks again`),
  ),
  ...rows.payments
    .filter(({ state, dueAt, createdAt }) => {
      const isAskedAbout = isUnpaid(state) && stripe.nowMs - createdAt < unpaidAskedAboutMs;
      return (isAskedAbout || state === "creating" || state === "processing") && dueAt === null;
    })
    .filter(({ id }) => !isCarriedOn(rows, id))
    .map(({ id, state }) => `payment ${id} is ${state}, and nobody looks again`),
  ...rows.effects
    .filter(({ state, dueAt }) => state === "open" && dueAt === null)
    .map(({ id, kind }) => `${kind} ${id} is open, and nobody looks again`),
  ...rows.events
    .filter(({ state, dueAt }) => state === "received" && dueAt === null)
    .map(({ id }) => `event ${id} is received, and nobody looks again`),
];

/** Everything that failed for good is raised for a person. */
const failuresAreShown: Invariant = ({ rows }) => [
  ...rows.payouts
    .filter(({ state, id }) => state === "failed" && !wasShown(rows, "payout_failed", id))
    .map(({ id }) => `payout ${id} has failed, and nobody was called`),
  ...rows.payouts
    .filter(({ state, holds, id }) => state === "held" && needPerson(holds) && !wasShown(rows, "payout_held", id))
    .map(({ id, holds }) => `payout ${id} is held for ${holds}, and nobody was called`),
  ...[...rows.accounts.map((one) => ({ ...one, id: one.userId })), ...rows.connectedAccounts]
    .filter(({ state, id }) => state === "gone" && !wasShownOf(rows, "account_gone", id))
    .map(({ id }) => `the account of ${id} is gone, and nobody was called`),
  ...rows.disputes
    .filter(({ state, stripeId }) => state !== "won" && !wasShown(rows, `dispute_${state}`, stripeId))
    .map(({ stripeId, state }) => `dispute ${stripeId} is ${state}, and nobody was called`),
  ...rows.checkouts
    .filter(({ state, id }) => state === "return_failed" && !wasShown(rows, "refund_failed", id))
    .map(({ id }) => `checkout ${id} was not returned, and nobody was called`),
  ...rows.paymentDisputes
    .filter(({ state, stripeId }) => state === "open" && !wasShown(rows, "dispute_open", stripeId))
    .map(({ stripeId }) => `dispute ${stripeId} is open, and nobody was called`),
];

function isUnpaid(state: string): boolean {
  return unpaid.includes(`'${state}'`);
}

/**
 * Tells whether something else of the aggregate is due on which the rest waits, such as a reversal before the refund.
 */
function isCarriedOn({ effects, payouts, refunds }: Snapshot["rows"], aggregateId: string): boolean {
  return (
    effects.some((one) => one.state === "open" && one.aggregateId === aggregateId) ||
    [...payouts, ...refunds].some((one) => one.testimonyId === aggregateId && one.dueAt !== null)
  );
}

function wasShown({ attention }: Snapshot["rows"], kind: string, aboutId: string): boolean {
  return attention.some((one) => one.kind === kind && one.aboutId === aboutId);
}

function wasShownOf({ attention }: Snapshot["rows"], kind: string, aggregateId: string): boolean {
  return attention.some((one) => one.kind === kind && one.aggregateId === aggregateId);
}

type Rows = Snapshot["rows"];
type Reason = Rows["attention"][number];

/** Only a person ends these: nothing that happens at Stripe does. */
const untilSeen = () => true;

/** Tells whether the cause of an entry still exists. The record is total: a new kind must say when it ends. */
const stillSo: Record<AttentionKind, (rows: Rows, reason: Reason) => boolean> = {
  payout_failed: ({ payouts }, { aboutId }) => payouts.some(({ id, state }) => id === aboutId && state === "failed"),
  payout_held: ({ payouts }, { aboutId }) =>
    payouts.some(
      ({ id, state, holds, releaseOn }) =>
        id === aboutId && state === "held" && (needPerson(holds) || releaseOn === "completed"),
    ),
  // A refund that is asked for again must arrive before the entry ends.
  refund_failed: ({ checkouts, refunds, paymentRefunds, payments }, { aboutId, aggregateId }) =>
    checkouts.some((one) => one.id === aboutId && isOwed(one)) ||
    refunds.some(({ checkoutId, state }) => checkoutId === aboutId && isUnderway(state)) ||
    (paymentRefunds.some(({ id, state }) => id === aboutId && state === "failed") &&
      payments.some(({ id, live }) => id === aggregateId && live !== null)),
  refund_pending: ({ refunds }, { aboutId }) => refunds.some(({ id, state }) => id === aboutId && state === "pending"),
  dispute_open: ({ disputes, paymentDisputes }, { aboutId }) =>
    [...disputes, ...paymentDisputes].some(({ stripeId, state }) => stripeId === aboutId && state === "open"),
  dispute_lost: ({ disputes }, { aboutId }) =>
    disputes.some(({ stripeId, state }) => stripeId === aboutId && state === "lost"),
  refunded_at_stripe: untilSeen,
  transfer_reversed_at_stripe: untilSeen,
  settlement_currency: untilSeen,
  session_mismatch: untilSeen,
  order_paid_twice: ({ payments }, { aggregateId }) => {
    const one = payments.find(({ id }) => id === aggregateId);
    return payments.some((other) => other.id !== one?.id && other.live !== null && isSameOrder(other, one));
  },
  cancelled_order_paid: ({ payments }, { aggregateId }) =>
    payments.some(({ id, live }) => id === aggregateId && live !== null),
  account_gone: ({ accounts, connectedAccounts }, { aggregateId, aboutKind }) =>
    aboutKind === "payment" ||
    connectedAccounts.some(({ id, state }) => id === aggregateId && ["gone", "deleting"].includes(state)) ||
    accounts.some(({ userId, state }) => userId === aggregateId && ["gone", "creating", "failed"].includes(state)),
  account_left_open: untilSeen,
  customer_gone: untilSeen,
  platform_not_ready: untilSeen,
  method_gone: untilSeen,
  stripe_call_stuck: ({ effects }, { aboutId }) => effects.some(({ id, state }) => id === aboutId && state === "open"),
};

function isUnderway(state: string): boolean {
  return state === "claimed" || state === "pending";
}

function isOwed({ state, refundedMinor, returnedMinor }: Rows["checkouts"][number]): boolean {
  return state === "return_failed" || state === "returning" || (state === "accepted" && refundedMinor < returnedMinor);
}

type Payment = Rows["payments"][number];

function isSameOrder(one: Payment, other: Payment | undefined): boolean {
  return one.developerId === other?.developerId && one.appId === other.appId && one.orderId === other.orderId;
}

/** Every entry ends in the same change as its cause. */
const entriesEnd: Invariant = ({ rows }) =>
  rows.attention
    .filter((one) => one.clearedAt === null && one.kind in stillSo && !stillSo[one.kind as AttentionKind](rows, one))
    .map(({ kind, aboutKind, aboutId }) => `${kind} of ${aboutKind} ${aboutId} stands, and it is so no more`);

export const always: Record<string, Invariant> = { stillMoves, failuresAreShown, entriesEnd };
