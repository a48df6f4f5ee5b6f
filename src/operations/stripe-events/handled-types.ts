/** Event types of customers and payment methods, which shoppers have on the platform and on connected accounts. */
const methodTypes = [
  "customer.deleted",
  "payment_method.detached",
  "payment_method.updated",
  "payment_method.automatically_updated",
] as const;

/**
 * The platform's event types that we process: its webhook endpoint is registered for them, and Stripe's list is read by
 * them.
 */
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

/** The same for connected accounts, whose events come to an endpoint of their own. */
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

/** Tells whether an event is stored. Others are acknowledged and dropped. */
export function isHandled({ type, account }: { type: string; account: string | null }): boolean {
  return ((account === null ? platformTypes : connectedTypes) as readonly string[]).includes(type);
}
