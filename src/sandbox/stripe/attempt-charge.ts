import type Stripe from "stripe";
import { newId } from "../core/id";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { APPLICATION } from "./balance-transactions";
import { debitOf } from "./bank-debits";
import { newCharge } from "./charges";
import type { Decline, TestMethod } from "./test-methods";

/** What somebody pays with. */
export interface Instrument {
  method: TestMethod;
  /** The PaymentMethod's id. */
  paymentMethod: string;
  billing: Stripe.PaymentMethod.BillingDetails;
  /** The bank has already been asked when the card was set up for later use. */
  isSetUp: boolean;
  /** The mandate under which a bank account is debited. */
  mandate: string | null;
}

/** How far an attempt got: all the way, reserved on the card, undecided, or refused. */
type Standing = "collected" | "authorized" | "pending" | "failed";

/** What the emulator remembers of a charge. */
interface Hidden {
  /** Decides what happens to the charge later. */
  method: TestMethod;
  /** When the money can be used, known before it is posted. */
  availableOnSeconds?: number;
}

/** The charge of an attempt to pay. `captureBeforeSeconds` belongs to what is only authorized. */
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
    status: isReserved ? "succeeded" : standing === "pending" ? "pending" : "failed",
    transfer_group: intent.transfer_group,
  });
  world.insert("charge", account, charge, { method } satisfies Hidden);
  return charge;
}

/** What the emulator remembers of a charge; nothing of a payment that came by transfer. */
export function rememberedOf(world: World, chargeId: string): Partial<Hidden> {
  return world.objects.hidden(chargeId) as Partial<Hidden>;
}

/** Remembers when the money of a charge can be used. */
export function rememberAvailability(world: World, chargeId: string, availableOnSeconds: number): void {
  world.objects.setHidden(chargeId, { ...rememberedOf(world, chargeId), availableOnSeconds });
}

/** When the money of a charge can be used, posted or not. */
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
