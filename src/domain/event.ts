/**
 * Everything that the world can be told. A closed list: the catalogue of schemas is total over it, and every emitted
 * event is held to its schema in the tests.
 */
export const eventTypes = [
  "offer.created",
  "offer.withdrawn",
  "offer.accepted",
  "offer.payment_processing",
  "offer.payment_settled",
  "offer.payment_refused",
  "offer.payment_returning",
  "offer.payment_returned",
  "offer.payment_partly_returned",
  "offer.payment_return_failed",
  "testimony.cancelled",
  "testimony.completed",
  "testimony.refunded",
  "payout.paid",
  "payout.held",
  "payout.failed",
  "payout.lowered",
  "payout.reversed",
  "debt.raised",
  "debt.lowered",
  "payout_account.updated",
  "payment.disputed",
  "payment.dispute_closed",
  "payment.refunded_at_stripe",
  "payment.refund_at_stripe_failed",
  "payment.created",
  "payment.requires_action",
  "payment.processing",
  "payment.authorized",
  "payment.capture_expiring",
  "payment.succeeded",
  "payment.captured",
  "payment.failed",
  "payment.canceled",
  "payment.expired",
  "payment.duplicated",
  "refund.pending",
  "refund.succeeded",
  "refund.failed",
  "dispute.opened",
  "dispute.closed",
  "account.updated",
  "payment_method.gone",
  "transfer.initiated",
  "transfer.completed",
  "transfer.rejected",
  "transfer.expired",
  "settlement.closed",
  "webhook_endpoint.test",
  "webhook_endpoint.failing",
  "webhook_endpoint.disabled",
  "attention.opened",
  "attention.ended",
] as const;

export type EventType = (typeof eventTypes)[number];

/** Sent once, at somebody's request: whatever comes of it says nothing about the endpoint's health. */
export const testEvent: EventType = "webhook_endpoint.test";

/** The operator's endpoints hear of the offers contract and of settlement; a developer's and an application's of their own. */
export const operatorAudience = "operator";

/** Told to several owners at once: none of them can erase it for the others. It says only what the books keep anyway. */
export function isShared(type: string): boolean {
  return /^(?:transfer|settlement)\./.test(type);
}
