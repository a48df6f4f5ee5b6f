import type Stripe from "stripe";
import { newId } from "../core/id";
import type { World } from "../core/world";
import { newCharge } from "./charges";
import type { Decline, TestMethod } from "./test-methods";

export interface Payer {
  name: string | null;
  email: string | null;
}

/** The charge of an attempt to pay; it remembers the test method, which decides what happens later. */
export function attemptCharge(
  world: World,
  account: string,
  intentId: string,
  method: TestMethod,
  payer: Payer,
  status: "succeeded" | "pending" | "failed",
  decline?: Decline,
): Stripe.Charge {
  const intent = world.objects.get("payment_intent", account, intentId);
  const charge = newCharge(world, method.type === "card" ? "ch_" : "py_", {
    amount: intent.amount,
    currency: intent.currency,
    status,
    billing_details: { address: null, email: payer.email, name: payer.name, phone: null, tax_id: null },
    description: intent.description,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    metadata: intent.metadata,
    outcome: outcomeOf(status, decline),
    payment_intent: intent.id,
    payment_method: newId("pm_"),
    payment_method_details: detailsOf(method),
    transfer_group: intent.transfer_group,
  });
  world.insert("charge", account, charge, { method });
  return charge;
}

/** The test method that a charge was made with. */
export function methodOf(world: World, chargeId: string): TestMethod {
  return world.objects.hidden(chargeId).method as TestMethod;
}

function outcomeOf(status: string, decline: Decline | undefined): Stripe.Charge.Outcome {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: decline ? "declined_by_network" : "approved_by_network",
    reason: decline ? (decline.declineCode ?? decline.code) : null,
    risk_level: "normal",
    risk_score: 20,
    seller_message: decline ? decline.message : "Payment complete.",
    type: status === "failed" ? "issuer_declined" : "authorized",
  };
}

function detailsOf(method: TestMethod): Stripe.Charge.PaymentMethodDetails {
  if (method.type === "sepa_debit") {
    const bank = { bank_code: "19043", branch_code: "", country: method.country, fingerprint: null, mandate: null };
    return { type: "sepa_debit", sepa_debit: { ...bank, last4: method.last4 } };
  }
  return {
    type: "card",
    card: {
      amount_authorized: null,
      authorization_code: null,
      brand: method.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: method.country,
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2034,
      funding: "credit",
      installments: null,
      last4: method.last4,
      mandate: null,
      network: method.brand,
      network_transaction_id: null,
      regulated_status: "unregulated",
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}
