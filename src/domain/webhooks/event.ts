/**
 * All event types that we publish. The list is closed: the catalogue has a schema for each, and the tests hold every
 * published event to its schema.
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
  "transfer.cancelled",
  "transfer.expired",
  "settlement.closed",
  "webhook_endpoint.test",
  "webhook_endpoint.failing",
  "webhook_endpoint.disabled",
  "attention.opened",
  "attention.ended",
] as const;

export type EventType = (typeof eventTypes)[number];

/**
 * The type of the test event, sent once at the owner's request. Its outcome says nothing about the endpoint's health.
 */
export const testEvent: EventType = "webhook_endpoint.test";

/**
 * The audience of the operator's endpoints: events of the offers contract and of settlement. Developers and
 * applications receive only their own events.
 */
export const operatorAudience = "operator";

/**
 * Tells whether an event type is published to several owners, so that none of them can erase it for the others. Such
 * events contain only what the ledger keeps anyway.
 */
export function isShared(type: string): boolean {
  return /^(?:transfer|settlement)\./.test(type);
}
