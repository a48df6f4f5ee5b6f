/** Of customers and methods, which shoppers have on the platform and on connected accounts. */
const methodTypes = [
  "customer.deleted",
  "payment_method.detached",
  "payment_method.updated",
  "payment_method.automatically_updated",
] as const;

/** The events of the platform that we act on: what its webhook endpoint is registered for, and what is read from Stripe's own list. */
export const platformTypes = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "charge.refunded",
  "charge.updated",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "charge.dispute.closed",
  "transfer.reversed",
  ...methodTypes,
] as const;

/** The same of connected accounts, whose events come to an endpoint of their own. */
export const connectedTypes = [
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "payment_intent.requires_action",
  "payment_intent.processing",
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "charge.refunded",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "charge.dispute.closed",
  "account.updated",
  "account.application.deauthorized",
  ...methodTypes,
] as const;

/** Whether an event is worth a row. Others are answered and forgotten. */
export function isHandled({ type, account }: { type: string; account: string | null }): boolean {
  return ((account === null ? platformTypes : connectedTypes) as readonly string[]).includes(type);
}
