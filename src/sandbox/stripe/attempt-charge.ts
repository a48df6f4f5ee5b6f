import type Stripe from "stripe";
import { newId } from "../core/id";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { APPLICATION } from "./balance-transactions";
import { debitOf } from "./bank-debits";
import { newCharge } from "./charges";
import type { Decline, TestMethod } from "./test-methods";

/** The method of an attempt to pay. */
export interface Instrument {
  method: TestMethod;
  /** The PaymentMethod's id. */
  paymentMethod: string;
  billing: Stripe.PaymentMethod.BillingDetails;
  /** Whether the bank was asked already when the card was set up for later use. */
  isSetUp: boolean;
  /** The mandate under which a bank account is debited. */
  mandate: string | null;
}

/** The result of an attempt: paid, reserved on the card, undecided, or refused. */
type Standing = "collected" | "authorized" | "pending" | "failed";

/** The emulator's record of a charge. */
interface Hidden {
  /** The test method, which decides what happens to the charge later. */
  method: TestMethod;
  /** The time at which the money becomes available, known before it is posted. */
  availableOnSeconds?: number;
}

/** Makes the charge of an attempt to pay. `captureBeforeSeconds` is given for an authorization. */
export function attemptCharge(
  world: World,
  account: string,
  intentId: string,
  instrument: Instrument,
  standing: Standing,
  more: { decline?: Decline; captureBeforeSeconds?: number; isAuthenticated?: boolean } = {},
): Stripe.Charge {
  const intent = world.objects.get("payment_intent", account, intentId);
  const { method, decline } = { method: instrument.method, decline: more.decline };
  const isReserved = standing === "collected" || standing === "authorized";
  const charge = newCharge(world, method.type === "card" ? "ch_" : "py_", {
    amount: intent.amount,
    amount_captured: standing === "collected" ? intent.amount : 0,
    application: account === PLATFORM ? null : APPLICATION,
    application_fee_amount: intent.application_fee_amount,
    billing_details: instrument.billing,
    captured: standing === "collected" || standing === "pending",
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    metadata: intent.metadata,
    outcome: outcomeOf(standing, decline),
    paid: isReserved,
    payment_intent: intent.id,
    payment_method: instrument.paymentMethod,
    payment_method_details: detailsOf(instrument, intent.amount, more),
    receipt_email: intent.receipt_email,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: isReserved ? "succeeded" : standing === "pending" ? "pending" : "failed",
    transfer_group: intent.transfer_group,
  });
  world.insert("charge", account, charge, { method } satisfies Hidden);
  return charge;
}

/** Returns the emulator's record of a charge; an empty one for a payment that came by transfer. */
export function rememberedOf(world: World, chargeId: string): Partial<Hidden> {
  return world.objects.hidden(chargeId) as Partial<Hidden>;
}

/** Records when the money of a charge becomes available. */
export function rememberAvailability(world: World, chargeId: string, availableOnSeconds: number): void {
  world.objects.setHidden(chargeId, { ...rememberedOf(world, chargeId), availableOnSeconds });
}

/** Returns the time at which the money of a charge becomes available, posted or not. */
export function fundsAvailableOn(world: World, account: string, charge: Stripe.Charge): number {
  const id = charge.balance_transaction === null ? "" : String(charge.balance_transaction);
  const transaction = world.objects.find("balance_transaction", account, id);
  return transaction?.available_on ?? rememberedOf(world, charge.id).availableOnSeconds ?? world.now();
}

function outcomeOf(standing: Standing, decline: Decline | undefined): Stripe.Charge.Outcome {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: decline ? "declined_by_network" : "approved_by_network",
    reason: decline ? (decline.declineCode ?? decline.code) : null,
    risk_level: "normal",
    risk_score: 20,
    seller_message: decline ? decline.message : "Payment complete.",
    type: standing === "failed" ? "issuer_declined" : "authorized",
  };
}

function detailsOf(
  { method, mandate }: Instrument,
  amount: number,
  { captureBeforeSeconds, isAuthenticated }: { captureBeforeSeconds?: number; isAuthenticated?: boolean },
): Stripe.Charge.PaymentMethodDetails {
  if (method.type !== "card") return debitOf(method, method.type, mandate);
  return {
    type: "card",
    card: {
      amount_authorized: amount,
      authorization_code: null,
      brand: method.brand,
      ...(captureBeforeSeconds !== undefined && { capture_before: captureBeforeSeconds }),
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: method.country,
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2034,
      fingerprint: method.fingerprint,
      funding: method.funding,
      installments: null,
      last4: method.last4,
      mandate: null,
      network: method.brand,
      network_transaction_id: null,
      regulated_status: "unregulated",
      three_d_secure: isAuthenticated ? threeDSecure() : null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}

function threeDSecure(): Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure {
  return {
    authentication_flow: "challenge",
    electronic_commerce_indicator: "05",
    exemption_indicator: null,
    result: "authenticated",
    result_reason: null,
    transaction_id: newId("", 36),
    version: "2.2.0",
  };
}
