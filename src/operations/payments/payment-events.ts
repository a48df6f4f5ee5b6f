import type { OtherPayment, Payment } from "../../db/payments/payments";
import type { OtherEventType } from "../../domain/webhooks/notification";
import type { PaymentRows } from "./reduce-payment";

interface NewEvent {
  type: OtherEventType;
  data: Record<string, unknown>;
}

/** Lists the events that tell the developer of a change: each fact once, whatever its source. */
export function eventsOf(
  before: PaymentRows,
  after: PaymentRows,
  { declined, beside }: { declined: boolean; beside: readonly OtherPayment[] },
): NewEvent[] {
  return [
    ...stateEvents(before.payment, after.payment, declined),
    ...refundEvents(before, after),
    ...disputeEvents(before, after),
    ...duplicateEvents(before.payment, after.payment, beside),
  ];
}

/** Makes the event that says that one order has the money of two payments. */
function duplicateEvents(before: Payment, after: Payment, beside: readonly OtherPayment[]): NewEvent[] {
  const other = beside.find(isPaid);
  if (!other || !isDuplicate(before, after, beside)) return [];
  return [{ type: "payment.duplicated", data: { ...factsOf(after), otherTransactionId: other.stripeId ?? "" } }];
}

/** Tells whether this change makes the payment the second paid one of its order. */
export function isDuplicate(before: Payment, after: Payment, beside: readonly OtherPayment[]): boolean {
  return beside.some(isPaid) && !hasMoney(before) && hasMoney(after);
}

function isPaid({ state }: OtherPayment): boolean {
  return state === "succeeded";
}

function hasMoney({ state, live }: Payment): boolean {
  return state === "succeeded" && live !== null;
}

const byState: Partial<Record<Payment["state"], OtherEventType>> = {
  requires_action: "payment.requires_action",
  processing: "payment.processing",
  requires_capture: "payment.authorized",
  canceled: "payment.canceled",
  expired: "payment.expired",
};

function stateEvents(before: Payment, after: Payment, declined: boolean): NewEvent[] {
  const events: NewEvent[] = [];
  const emit = (type: OtherEventType, more = {}) => events.push({ type, data: { ...factsOf(after), ...more } });
  const error = after.lastError;
  const isNewError = JSON.stringify(error) !== JSON.stringify(before.lastError) || after.chargeId !== before.chargeId;
  if (error && (declined || isNewError)) {
    emit("payment.failed", { errorCode: error.code, declineCode: error.declineCode });
  }
  if (after.warnedAt !== before.warnedAt) emit("payment.capture_expiring", captureBefore(after));
  if (after.state === before.state) return events;
  if (before.state === "creating" && after.state !== "failed") emit("payment.created");
  if (after.state === "succeeded" && after.captureMethod === "automatic") emit("payment.succeeded");
  if (after.state === "succeeded" && after.captureMethod === "manual") {
    emit("payment.captured", { capturedMinor: after.capturedMinor });
  }
  const type = byState[after.state];
  if (type) emit(type, type === "payment.authorized" ? captureBefore(after) : {});
  return events;
}

function captureBefore({ captureBefore: atMs }: Payment) {
  return { captureBefore: atMs === null ? null : new Date(atMs).toISOString() };
}

function refundEvents(before: PaymentRows, after: PaymentRows): NewEvent[] {
  return after.refunds.flatMap((refund) => {
    const known = before.refunds.find(({ id }) => id === refund.id);
    if (known?.state === refund.state || refund.state === "claimed") return [];
    const { id: refundId, reason, currency, amountMinor } = refund;
    const data = { ...orderOf(after.payment), refundId, currency, amountMinor, reason };
    const failure = refund.state === "failed" ? { failure: refund.failure ?? "unknown" } : {};
    const waiting = refund.state === "pending" ? { pendingReason: refund.pendingReason } : {};
    return [{ type: `refund.${refund.state}` as const, data: { ...data, ...failure, ...waiting } }];
  });
}

function disputeEvents(before: PaymentRows, after: PaymentRows): NewEvent[] {
  return after.disputes.flatMap((dispute) => {
    const known = before.disputes.find(({ stripeId }) => stripeId === dispute.stripeId);
    if (known?.state === dispute.state) return [];
    const { stripeId: disputeId, state, currency, amountMinor } = dispute;
    const type = state === "open" ? "dispute.opened" : "dispute.closed";
    return [{ type, data: { ...orderOf(after.payment), disputeId, state, currency, amountMinor } }];
  });
}

function factsOf(payment: Payment) {
  const { state: status, currency, amountMinor } = payment;
  return { ...orderOf(payment), status, currency, amountMinor };
}

function orderOf({ id, stripeId, orderId, appId, userId, stripeAccountId }: Payment) {
  return { paymentId: id, transactionId: stripeId ?? "", orderId, appId, userId, accountId: stripeAccountId };
}
