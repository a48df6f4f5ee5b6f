import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";

/** Reads the ids that were bound to a payment when its page was made. They name its owner before we have booked it. */
export async function retrievePaymentMetadata(
  stripe: StripeGateway,
  paymentIntentId: string,
): Promise<StripeOutcome<Record<string, string>>> {
  const outcome = await stripe.call<Stripe.PaymentIntent>("payment_intent", (sdk) =>
    sdk.paymentIntents.retrieve(paymentIntentId),
  );
  return outcome.ok ? { ok: true, value: outcome.value.metadata } : outcome;
}
