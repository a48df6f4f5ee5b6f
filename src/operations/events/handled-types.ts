/** The events that we act on: what both webhook endpoints are registered for, and what is read from Stripe's own list. */
export const handledTypes = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "charge.refunded",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "charge.dispute.closed",
  "transfer.reversed",
  "account.updated",
] as const;

/** Whether an event is worth a row. Others are answered and forgotten. */
export function isHandled(type: string): boolean {
  return (handledTypes as readonly string[]).includes(type);
}
