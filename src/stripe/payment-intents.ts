import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { MandateAcceptance } from "../domain/payments/mandate";
import { ownMetadataKeys, type PaymentDetails } from "../domain/payments/payment-details";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { factsOf, type IntentFacts } from "./intent-facts";
import { findInList, type PageRequest, type Sought } from "./read-list";

/** A PaymentIntent to be made on a connected account (a direct charge). */
export interface IntentOrder {
  paymentId: string;
  developerId: string;
  appId: string;
  /** The shopper; undefined in a call that was written down before calls named the shopper. */
  userId?: string;
  orderId: string;
  stripeAccountId: string;
  amountMinor: number;
  currency: string;
  captureMethod: "automatic" | "manual";
  applicationFeeMinor: number;
  /** Undefined in a call that was written down before callers could say anything about a payment. */
  details?: PaymentDetails;
}

/** The key of a PaymentIntent, which belongs to its connected account. */
export interface IntentKey {
  stripeId: string;
  stripeAccountId: string;
}

const expand = ["latest_charge.balance_transaction"];

/** Makes the PaymentIntent of an order. */
export async function createIntent(
  stripe: StripeGateway,
  order: IntentOrder,
  key: string,
): Promise<StripeOutcome<IntentFacts>> {
  const params: Stripe.PaymentIntentCreateParams = {
    amount: order.amountMinor,
    currency: order.currency,
    capture_method: order.captureMethod,
    // Methods that redirect are excluded, because the caller may have no page to return to.
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    ...(order.applicationFeeMinor > 0 ? { application_fee_amount: order.applicationFeeMinor } : {}),
    ...detailParams(order.details),
    metadata: {
      ...order.details?.metadata,
      payment_id: order.paymentId,
      order_id: order.orderId,
      app_id: order.appId,
      developer_id: order.developerId,
      ...(order.userId === undefined ? {} : { user_id: order.userId }),
    },
  };
  const options = { stripeAccount: order.stripeAccountId, idempotencyKey: key };
  return facts(await stripe.call("payment_intent", (sdk) => sdk.paymentIntents.create(params, options)));
}

/** Leaves out what the caller has not said, because Stripe would unset it. */
function detailParams(details: PaymentDetails | undefined): Partial<Stripe.PaymentIntentCreateParams> {
  const { description = null, statementDescriptorSuffix: suffix = null, receiptEmail: email = null } = details ?? {};
  return {
    ...(description === null ? {} : { description }),
    ...(suffix === null ? {} : { statement_descriptor_suffix: suffix }),
    ...(email === null ? {} : { receipt_email: email }),
  };
}

/** Looks for the PaymentIntent of a payment whose creation has an unknown outcome. */
export async function findIntent(
  stripe: StripeGateway,
  order: IntentOrder,
  start: ListPosition,
): Promise<Sought<IntentFacts>> {
  const request: PageRequest<Stripe.PaymentIntent> = (sdk, page) =>
    sdk.paymentIntents.list(page, { stripeAccount: order.stripeAccountId });
  const sought = await findInList(stripe, request, start, (intent) => isOf(order, intent));
  return { ...sought, found: sought.found && factsOf(sought.found) };
}

/**
 * Tells whether a PaymentIntent is the order's. Whoever may write to the account can copy our metadata, so the terms
 * must be equal, too.
 */
function isOf(order: IntentOrder, intent: Stripe.PaymentIntent): boolean {
  return (
    intent.metadata.payment_id === order.paymentId &&
    intent.amount === order.amountMinor &&
    intent.currency === order.currency &&
    intent.capture_method === order.captureMethod
  );
}

/** Reads a PaymentIntent's present facts. */
export async function retrieveIntent(
  stripe: StripeGateway,
  { stripeId, stripeAccountId }: IntentKey,
): Promise<StripeOutcome<IntentFacts>> {
  return facts(
    await stripe.call("payment_intent", (sdk) =>
      sdk.paymentIntents.retrieve(stripeId, { expand }, { stripeAccount: stripeAccountId }),
    ),
  );
}

/** The terms that a PaymentIntent was made with. */
export type IntentTerms = Pick<IntentOrder, "amountMinor" | "currency" | "captureMethod" | "applicationFeeMinor"> & {
  details: PaymentDetails;
};

/** Loads the terms that a PaymentIntent was made with, for one that only Stripe remembers. */
export async function retrieveIntentTerms(
  stripe: StripeGateway,
  { stripeId, stripeAccountId }: IntentKey,
): Promise<StripeOutcome<IntentTerms>> {
  const outcome = await stripe.call<Stripe.PaymentIntent>("payment_intent", (sdk) =>
    sdk.paymentIntents.retrieve(stripeId, {}, { stripeAccount: stripeAccountId }),
  );
  if (!outcome.ok) return outcome;
  const { amount, currency, capture_method: captureMethod, application_fee_amount: fee } = outcome.value;
  const terms = { amountMinor: amount, currency, applicationFeeMinor: fee ?? 0, details: detailsOf(outcome.value) };
  return { ok: true, value: { ...terms, captureMethod: captureMethod === "manual" ? "manual" : "automatic" } };
}

/** Returns what a caller has said about a PaymentIntent, without our own metadata. */
function detailsOf(intent: Stripe.PaymentIntent): PaymentDetails {
  const { description, statement_descriptor_suffix: statementDescriptorSuffix, receipt_email: receiptEmail } = intent;
  const ours: readonly string[] = ownMetadataKeys;
  const theirs = Object.entries(intent.metadata).filter(([key]) => !ours.includes(key));
  const metadata = theirs.length === 0 ? null : Object.fromEntries(theirs);
  return { description, statementDescriptorSuffix, receiptEmail, metadata };
}

/** Sets the customer of a PaymentIntent that has none, so that the customer's method can be used for it. */
export async function bindCustomer(
  stripe: StripeGateway,
  { stripeId, stripeAccountId }: IntentKey,
  customerId: string,
  key: string,
): Promise<StripeOutcome<IntentFacts>> {
  const options = { stripeAccount: stripeAccountId, idempotencyKey: key };
  return facts(
    await stripe.call("payment_intent", (sdk) =>
      sdk.paymentIntents.update(stripeId, { customer: customerId }, options),
    ),
  );
}

/** Tries to pay with a method of the account. A declined card is a failure; the PaymentIntent may be tried again. */
export async function confirmIntent(
  stripe: StripeGateway,
  { stripeId, stripeAccountId }: IntentKey,
  { methodId, returnUrl, mandate }: { methodId: string; returnUrl: string | null; mandate?: MandateAcceptance },
  key: string,
): Promise<StripeOutcome<IntentFacts>> {
  const params: Stripe.PaymentIntentConfirmParams = {
    payment_method: methodId,
    expand,
    ...(returnUrl === null ? {} : { return_url: returnUrl }),
    ...(mandate && { mandate_data: { customer_acceptance: acceptanceOf(mandate) } }),
  };
  const options = { stripeAccount: stripeAccountId, idempotencyKey: key };
  return facts(await stripe.call("payment_intent", (sdk) => sdk.paymentIntents.confirm(stripeId, params, options)));
}

function acceptanceOf(mandate: MandateAcceptance): Stripe.PaymentIntentConfirmParams.MandateData.CustomerAcceptance {
  const when = mandate.acceptedAtMs === null ? {} : { accepted_at: Math.floor(mandate.acceptedAtMs / 1000) };
  if (mandate.type === "offline") return { ...when, type: "offline", offline: {} };
  return { ...when, type: "online", online: { ip_address: mandate.ipAddress, user_agent: mandate.userAgent } };
}

/**
 * Captures an authorization, all or a part; the rest is released. Unless another fee is named, the whole agreed fee
 * applies to any part; Stripe takes no fee of zero. Null means that there was no fee.
 */
export async function captureIntent(
  stripe: StripeGateway,
  { stripeId, stripeAccountId }: IntentKey,
  { amountMinor, applicationFeeMinor }: { amountMinor: number; applicationFeeMinor: number | null },
  key: string,
): Promise<StripeOutcome<IntentFacts>> {
  const params: Stripe.PaymentIntentCaptureParams = {
    amount_to_capture: amountMinor,
    ...(applicationFeeMinor === null ? {} : { application_fee_amount: applicationFeeMinor }),
    expand,
  };
  const options = { stripeAccount: stripeAccountId, idempotencyKey: key };
  return facts(await stripe.call("payment_intent", (sdk) => sdk.paymentIntents.capture(stripeId, params, options)));
}

/** Cancels a PaymentIntent; an authorization is released. */
export async function cancelIntent(
  stripe: StripeGateway,
  { stripeId, stripeAccountId }: IntentKey,
  key: string,
): Promise<StripeOutcome<IntentFacts>> {
  const options = { stripeAccount: stripeAccountId, idempotencyKey: key };
  return facts(
    await stripe.call("payment_intent", (sdk) =>
      sdk.paymentIntents.cancel(stripeId, { cancellation_reason: "requested_by_customer", expand }, options),
    ),
  );
}

function facts(outcome: StripeOutcome<Stripe.PaymentIntent>): StripeOutcome<IntentFacts> {
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}
