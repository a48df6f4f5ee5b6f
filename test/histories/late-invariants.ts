import { duplicates, sumOf } from "./counting";
import type { Invariant } from "./invariants";
import { acceptancesOf, leftOf } from "./memory";
import { isReleased } from "./release";
import type { Memory } from "./remembered";
import type { Snapshot } from "./snapshot";

/* Invariants about late, repeated and out-of-band changes; in the form of invariants.ts. */

type Connected = Snapshot["stripe"]["connected"];
type Intent = Connected["intents"][number];

/** An offer is accepted only while all that its client paid is here. */
const acceptedMoneyWasHere: Invariant = ({ rows, stripe, memory }) =>
  acceptancesOf(rows)
    .filter(({ aggregateId }) => !memory.accepted.has(aggregateId))
    .flatMap(({ aggregateId, data }) => {
      const chargeId = rows.checkouts.find(({ id }) => id === data.checkoutId)?.chargeId;
      const charge = stripe.charges.find(({ id }) => id === chargeId);
      const before = memory.left.get(charge?.id ?? "");
      if (!charge || before === undefined) return [];
      const left = Math.max(before, leftOf(stripe, charge.id));
      return left < charge.amount_captured
        ? [`${aggregateId} was accepted with ${left} of ${charge.amount_captured} left of ${charge.id}`]
        : [];
    });

/**
 * A payout takes no more than what is left of its charge; where others made that less, only an operator releases it.
 */
const payoutsWithinCharge: Invariant = ({ stripe, memory, told }) =>
  stripe.transfers
    .filter(({ id }) => !memory.transfers.has(id))
    .flatMap((transfer) => {
      const charge = stripe.charges.find(({ id }) => id === transfer.source_transaction);
      const before = memory.left.get(charge?.id ?? "");
      if (!charge || before === undefined) return [];
      const left = Math.max(before, leftOf(stripe, charge.id));
      const sent = sumOf(stripe.transfers.filter((one) => one.source_transaction === charge.id));
      const ours = stripe.refunds.filter(
        (one) => one.charge === charge.id && one.metadata?.refund_id && one.status !== "failed",
      );
      const isTouched = left + sumOf(ours) < charge.amount_captured;
      if (sent <= left && (!isTouched || told.released.has(transfer.transfer_group ?? ""))) return [];
      return [`${transfer.id}: ${sent} was sent with ${left} of ${charge.amount_captured} left of ${charge.id}`];
    });

/**
 * No payout is sent before its release: its day, or the completion of its testimony. Only an operator sends one early.
 */
const payoutsAreReleased: Invariant = ({ rows, stripe, memory, told }) =>
  stripe.transfers
    .filter(({ id, transfer_group: group }) => !memory.transfers.has(id) && !told.releasedEarly.has(group ?? ""))
    .flatMap(({ id, created, transfer_group: group }) => {
      const acceptedAt = rows.journal.find((one) => one.aggregateId === group && one.name === "accept-offer")?.at;
      const isCompleted = rows.journal.some((one) => one.aggregateId === group && one.name === "complete-testimony");
      if (acceptedAt === undefined || isReleased(told.release, acceptedAt, created * 1_000 + 999, isCompleted))
        return [];
      return [`${id} was sent under ${told.release}, and the offer was accepted at ${acceptedAt}`];
    });

/**
 * A payment for an order is made only if no earlier one brings money, may bring it, or still has it. That is decided when
 * it is written down: its call to Stripe may be pending for hours.
 */
const oneLivePaymentPerOrder: Invariant = ({ rows, stripe: { connected }, memory }) =>
  pairsOfOrders(connected)
    .filter(([first]) => !wasLost(rows, first))
    .filter(([first, second]) => !wasOver(connected, first, decidedAt(rows, second), memory))
    .map(([first, second]) => `${second.id} was made for ${orderOf(second)}, though ${first.id} stands`);

/** Returns the time, in seconds, at which we decided to make a PaymentIntent. */
function decidedAt(rows: Snapshot["rows"], { id, created }: { id: string; created: number }): number {
  const payment = rows.payments.find(({ stripeId }) => stripeId === id);
  return payment ? Math.min(created, Math.ceil(payment.createdAt / 1_000)) : created;
}

/**
 * No order whose money is here is paid again. A refund that fails after another payment was begun is allowed, as long
 * as we have not learned of it.
 */
const noOrderIsPaidTwice: Invariant = ({ rows, stripe: { connected }, memory }) =>
  pairsOfOrders(connected)
    .filter(([first]) => !wasLost(rows, first))
    .filter(([first, second]) => keptOf(connected, first) > 0 && keptOf(connected, second) > 0)
    .filter(([first, second]) => {
      const paidAt = connected.charges.find(({ id }) => id === second.latest_charge)?.created ?? second.created;
      const isUnheard = wasOver(connected, first, second.created, memory) && !isKnown(connected, first, memory);
      return !isUnheard && !wasOver(connected, first, paidAt, memory);
    })
    .map(([first, second]) => `${orderOf(first)} was paid twice: by ${first.id} and ${second.id}`);

function orderOf({ metadata }: Intent): string {
  return `${metadata.developer_id} ${metadata.app_id} ${metadata.order_id}`;
}

/** Tells whether a payment was given up because its account is gone, so that nobody shows us what becomes of it. */
function wasLost({ payments, connectedAccounts }: Snapshot["rows"], { id, onAccount }: Intent): boolean {
  const isGone = connectedAccounts.some((one) => one.stripeId === onAccount && one.state === "gone");
  return isGone && payments.some((one) => one.stripeId === id && one.state === "failed");
}

/** Lists every two payments of one order, the older one first. */
function pairsOfOrders({ intents }: Connected): [Intent, Intent][] {
  return intents.flatMap((first, at) =>
    intents
      .slice(at + 1)
      .filter((second) => orderOf(second) === orderOf(first))
      .map((second): [Intent, Intent] => [first, second]),
  );
}

/** Computes what a payment brought, less what the shopper has back of it. */
function keptOf({ refunds, disputes }: Connected, { id, amount_received }: Intent): number {
  const returned = refunds.filter((one) => one.payment_intent === id && one.status === "succeeded");
  return amount_received - sumOf(returned) - sumOf(lostOf(disputes, id));
}

/** Lists the disputes that took a payment's money for good. */
function lostOf(disputes: Connected["disputes"], intentId: string): Connected["disputes"] {
  return disputes.filter((one) => one.payment_intent === intentId && one.status === "lost");
}

/**
 * Tells whether a payment was over at that second: cancelled, or returned completely by successful refunds and lost
 * disputes.
 */
function wasOver(
  { refunds, disputes, failures }: Connected,
  { id, status, amount_received }: Intent,
  atSeconds: number,
  { onceSucceeded }: Memory,
): boolean {
  if (status === "canceled") return true;
  const stood = refunds
    .filter((one) => one.payment_intent === id && one.balance_transaction !== null)
    .filter((one) => one.status === "succeeded" || onceSucceeded.has(one.id))
    .filter((one) => one.status !== "failed" || (failures.get(one.id) ?? 0) >= atSeconds);
  return status === "succeeded" && sumOf(stood) + sumOf(lostOf(disputes, id)) >= amount_received;
}

/** Tells whether we knew before the last step that a refund of a payment had failed. */
function isKnown({ refunds }: Connected, { id }: Intent, { knownToHaveFailed }: Memory): boolean {
  return refunds.some((one) => one.payment_intent === id && knownToHaveFailed.has(one.id));
}

/** After a sweep, every row that was due before has changed or is due later: none blocks its list for ever. */
const dueRowsMove: Invariant = ({ stripe, memory, dueRows, wasSwept }) =>
  wasSwept
    ? duplicates(
        [...memory.dueRows.filter(({ dueAt }) => dueAt <= Math.min(memory.nowMs, stripe.nowMs)), ...dueRows].map(
          ({ table, key, dueAt }) => `${table} ${key} due at ${dueAt}`,
        ),
      )
    : [];

export const always: Record<string, Invariant> = {
  acceptedMoneyWasHere,
  payoutsWithinCharge,
  payoutsAreReleased,
  oneLivePaymentPerOrder,
  noOrderIsPaidTwice,
  dueRowsMove,
};
