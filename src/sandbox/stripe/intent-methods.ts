import type Stripe from "stripe";
import type { Parameters } from "../core/parameters";
import { invalid, Refusal } from "../core/refusal";
import { debitsIn } from "./bank-debits";

type Accepted = Pick<
  Stripe.PaymentIntent,
  "allowed_payment_method_types" | "automatic_payment_methods" | "payment_method_types"
>;

/** Returns the allowed types of methods: the ones that were named, or those that the dashboard allows. */
export function acceptedMethods(parameters: Parameters, currency: string): Accepted {
  const named = parameters.texts("allowed_payment_method_types");
  const automatic = automaticMethods(parameters, named.length > 0);
  const possible = ["card", ...debitsIn(currency)];
  const types = named.length > 0 ? named.filter((type) => possible.includes(type)) : possible;
  if (types.length === 0) {
    throw invalid("allowed_payment_method_types", "No valid payment method types for this Payment Intent.");
  }
  return {
    allowed_payment_method_types: named.length > 0 ? named : null,
    automatic_payment_methods: automatic,
    payment_method_types: types,
  };
}

function automaticMethods(
  parameters: Parameters,
  isNamed: boolean,
): Stripe.PaymentIntent.AutomaticPaymentMethods | null {
  const given = parameters.child("automatic_payment_methods");
  if (!parameters.has("automatic_payment_methods")) {
    return isNamed ? null : { allow_redirects: "always", enabled: true };
  }
  if (!given.flag("enabled")) {
    return null;
  }
  return { allow_redirects: given.oneOf("allow_redirects", ["always", "never"]) ?? "always", enabled: true };
}

/** Refuses a payment that may redirect and has no return URL. */
export function refuseWithoutReturnUrl(intent: Stripe.PaymentIntent, returnUrl: string | null): void {
  if (returnUrl === null && intent.automatic_payment_methods?.allow_redirects === "always") {
    throw new Refusal(
      400,
      {
        type: "invalid_request_error",
        message:
          "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
        payment_intent: intent,
      },
      true,
    );
  }
}

/** Refuses a method that does not fit the payment: its type must be accepted, and a debit cannot be authorized. */
export function refuseOtherMethod(intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  const isReservable = intent.capture_method !== "manual" || method.type === "card";
  if (!intent.payment_method_types.includes(method.type) || !isReservable) {
    throw new Refusal(
      400,
      {
        type: "invalid_request_error",
        code: "payment_intent_incompatible_payment_method",
        message: `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Please attempt to confirm this PaymentIntent with a different PaymentMethod or change the PaymentIntent.`,
        param: "payment_method",
        payment_intent: intent,
      },
      true,
    );
  }
}
