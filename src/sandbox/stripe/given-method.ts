import type Stripe from "stripe";
import type { Parameters } from "../core/parameters";
import { invalid, missing, Refusal } from "../core/refusal";
import type { World } from "../core/world";
import { newPaymentMethod } from "./new-payment-method";
import { namedMethod, type TestMethod, testMethod } from "./test-methods";

/** Makes a PaymentMethod of a token, a test value or an IBAN: `card[token]`, `type`, `sepa_debit[iban]`. */
export function methodFromDetails(world: World, account: string, parameters: Parameters): Stripe.PaymentMethod {
  const type = parameters.required("type");
  const billing = parameters.child("billing_details");
  return newPaymentMethod(
    world,
    account,
    type === "sepa_debit" ? bankMethod(parameters) : cardMethod(parameters, type),
    {
      billing_details: {
        address: null,
        email: billing.text("email"),
        name: billing.text("name"),
        phone: billing.text("phone"),
        tax_id: null,
      },
      metadata: parameters.metadata(),
      ...(parameters.has("allow_redisplay") && { allow_redisplay: parameters.required("allow_redisplay") }),
    },
  );
}

function cardMethod(parameters: Parameters, type: string): TestMethod {
  if (type !== "card") {
    throw invalid("type", `The sandbox knows the types card and sepa_debit, not ${type}.`);
  }
  const card = parameters.child("card");
  refuseCardNumber(card);
  const token = card.required("token");
  const method = namedMethod(token);
  if (!token.startsWith("tok_") || method === null) {
    throw missing("token", token, "card[token]");
  }
  return method;
}

/** Refuses card numbers, which an account may send only if Stripe has allowed it; ours has no permission. */
export function refuseCardNumber(card: Parameters): void {
  if (card.has("number")) {
    const message =
      "Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing. To enable testing raw card data APIs, see https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis.";
    throw new Refusal(402, { type: "invalid_request_error", message }, true);
  }
}

function bankMethod(parameters: Parameters): TestMethod {
  const method = testMethod(parameters.child("sepa_debit").required("iban"));
  if (method.type !== "sepa_debit") {
    throw invalid("sepa_debit[iban]", "The IBAN you provided is invalid.", "invalid_bank_account_iban");
  }
  return method;
}
