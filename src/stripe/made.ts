import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import type { IntentFacts } from "./intent-facts";
import { type IntentOrder, retrieveIntent } from "./payment-intents";
import { retrieveTransfer, type TransferFacts, type TransferOrder } from "./transfers";

/** Reads the transfer with this id. The value is undefined if it is not exactly what the order asked for. */
export async function transferMade(
  stripe: StripeGateway,
  order: TransferOrder,
  id: string,
): Promise<StripeOutcome<TransferFacts | undefined>> {
  const seen = await stripe.call<Stripe.Transfer>("transfer", (sdk) => sdk.transfers.retrieve(id));
  if (!seen.ok) return seen;
  const { amount, currency, destination, metadata } = seen.value;
  const isOf =
    metadata.payout_id === order.payoutId &&
    amount === order.amountMinor &&
    currency === order.currency &&
    (typeof destination === "string" ? destination : destination?.id) === order.destination;
  return isOf ? retrieveTransfer(stripe, id) : { ok: true, value: undefined };
}

/** Reads the PaymentIntent with this id. The value is undefined if it is not what the order asked for. */
export async function intentMade(
  stripe: StripeGateway,
  order: IntentOrder,
  id: string,
): Promise<StripeOutcome<IntentFacts | undefined>> {
  const options = { stripeAccount: order.stripeAccountId };
  const seen = await stripe.call<Stripe.PaymentIntent>("payment_intent", (sdk) =>
    sdk.paymentIntents.retrieve(id, {}, options),
  );
  if (!seen.ok) return seen;
  const { amount, currency, capture_method: captureMethod, metadata } = seen.value;
  const isOf =
    metadata.payment_id === order.paymentId &&
    amount === order.amountMinor &&
    currency === order.currency &&
    captureMethod === order.captureMethod;
  return isOf
    ? retrieveIntent(stripe, { stripeId: id, stripeAccountId: order.stripeAccountId })
    : { ok: true, value: undefined };
}
