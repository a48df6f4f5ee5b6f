import type Stripe from "stripe";
import { newId } from "../core/id";
import type { Parameters } from "../core/parameters";
import { invalid, Refusal } from "../core/refusal";
import type { World } from "../core/world";
import { isDebit } from "./bank-debits";
import { rememberedMethod, rememberMethod } from "./new-payment-method";

/**
 * Tells whether a method may be debited: its holder has allowed it before, or does so with this request. A new mandate
 * is stored with the method. https://docs.stripe.com/payments/sepa-debit/accept-a-payment
 */
export function isMandated(world: World, method: Stripe.PaymentMethod, parameters: Parameters): boolean {
  const isAccepted = acceptsMandate(parameters);
  if (!isDebit(method.type) || rememberedMethod(world, method.id).mandate !== null) return true;
  if (isAccepted) rememberMethod(world, method.id, { mandate: newId("mandate_") });
  return isAccepted;
}

/** Tells whether a request contains the holder's acceptance: online from an address with a browser, or offline. */
function acceptsMandate(parameters: Parameters): boolean {
  if (!parameters.has("mandate_data")) return false;
  const acceptance = parameters.child("mandate_data").child("customer_acceptance");
  const type = acceptance.required("type");
  if (type !== "online" && type !== "offline") {
    throw invalid(
      "mandate_data[customer_acceptance][type]",
      "Invalid mandate_data[customer_acceptance][type]: must be one of offline or online",
    );
  }
  if (type === "online") {
    acceptance.child("online").required("ip_address");
    acceptance.child("online").required("user_agent");
  }
  return true;
}

/**
 * Makes Stripe's refusal of a debit that nobody has allowed: the payment waits for its confirmation, and keeps the
 * method. The words are documented for ACH, and reported for SEPA:
 * https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment
 */
export function mandateMissing(intent: Stripe.PaymentIntent): Refusal {
  return new Refusal(
    400,
    {
      type: "invalid_request_error",
      message:
        "This PaymentIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the customer and try again, providing acceptance data in the mandate_data parameter.",
      payment_intent: intent,
    },
    true,
  );
}
