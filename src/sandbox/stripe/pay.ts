import type Stripe from "stripe";
import type { World } from "../core/world";
import { attemptCharge, methodOf, type Payer } from "./attempt-charge";
import { post } from "./balance-transactions";
import { DECISION_SECONDS, SETTLEMENT_SECONDS } from "./delays";
import type { Decline, TestMethod } from "./test-methods";

const AUTHENTICATION_FAILED: Decline = {
  code: "payment_intent_authentication_failure",
  declineCode: null,
  message: "The provided PaymentMethod has failed authentication.",
};

/** How an attempt to pay a PaymentIntent ended. Everything it did is written. */
export type Attempt =
  | { result: "succeeded" | "processing" | "requires_action" }
  | { result: "declined"; decline: Decline };

/**
 * Pays a PaymentIntent with a test method, up to the point where the method stops it.
 * `authentication` is what the cardholder said in the step that 3-D Secure asks for; null before it was asked.
 */
export function pay(
  world: World,
  account: string,
  intentId: string,
  method: TestMethod,
  payer: Payer,
  authentication: "approve" | "fail" | null,
): Attempt {
  if (method.needsAuthentication && authentication === null) {
    requireAction(world, account, intentId);
    return { result: "requires_action" };
  }
  const decline = authentication === "fail" ? AUTHENTICATION_FAILED : method.decline;
  if (decline) {
    declinePayment(world, account, intentId, method, payer, decline);
    return { result: "declined", decline };
  }
  if (method.delayed) {
    startDelayed(world, account, intentId, method, payer);
    return { result: "processing" };
  }
  succeedAtOnce(world, account, intentId, method, payer);
  return { result: "succeeded" };
}

function requireAction(world: World, account: string, intentId: string): void {
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "requires_action",
    next_action: { type: "use_stripe_sdk" },
  });
  world.emit("payment_intent.requires_action", object, { account, previous });
}

function declinePayment(
  world: World,
  account: string,
  intentId: string,
  method: TestMethod,
  payer: Payer,
  decline: Decline,
): void {
  const charge = attemptCharge(world, account, intentId, method, payer, "failed", decline);
  world.emit("charge.failed", charge, { account });
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "requires_payment_method",
    latest_charge: charge.id,
    next_action: null,
    last_payment_error: paymentError(decline, charge.id, method),
  });
  world.emit("payment_intent.payment_failed", object, { account, previous });
}

function paymentError(decline: Decline, charge: string, method: TestMethod): Stripe.PaymentIntent.LastPaymentError {
  return {
    type: "card_error",
    charge,
    code: decline.code,
    ...(decline.declineCode && { decline_code: decline.declineCode }),
    message: decline.message,
    payment_method_type: method.type,
  };
}

function startDelayed(world: World, account: string, intentId: string, method: TestMethod, payer: Payer): void {
  const charge = attemptCharge(world, account, intentId, method, payer, "pending");
  world.emit("charge.pending", charge, { account });
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "processing",
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    payment_method_types: [method.type],
    next_action: null,
  });
  world.emit("payment_intent.processing", object, { account, previous });
  world.due.add(world.now() + DECISION_SECONDS, "decide_payment", intentId);
}

function succeedAtOnce(world: World, account: string, intentId: string, method: TestMethod, payer: Payer): void {
  const charge = attemptCharge(world, account, intentId, method, payer, "succeeded");
  collect(world, account, charge, method);
}

/** A delayed method has decided. Returns how. */
export function decidePayment(world: World, account: string, intentId: string): "succeeded" | "failed" {
  const intent = world.objects.get("payment_intent", account, intentId);
  const charge = world.objects.get("charge", account, String(intent.latest_charge));
  const method = methodOf(world, charge.id);
  if (method.delayed === "succeeds") {
    collect(world, account, charge, method);
    return "succeeded";
  }
  const decline = {
    code: "payment_intent_payment_attempt_failed",
    declineCode: null,
    message: "The bank refused the debit.",
  };
  const failed = world.change("charge", account, charge.id, {
    status: "failed",
    paid: false,
    failure_code: "insufficient_funds",
    failure_message: decline.message,
  });
  world.emit("charge.failed", failed.object, { account, previous: failed.previous });
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "requires_payment_method",
    payment_method: null,
    last_payment_error: paymentError(decline, charge.id, method),
  });
  world.emit("payment_intent.payment_failed", object, { account, previous });
  return "failed";
}

/** Takes the money: balance transaction, charge and PaymentIntent. */
function collect(world: World, account: string, charge: Stripe.Charge, method: TestMethod): void {
  const transaction = post(world, account, {
    type: charge.id.startsWith("py_") ? "payment" : "charge",
    category: "charge",
    amountMinor: charge.amount,
    currency: charge.currency,
    source: charge.id,
    feeMinor: processingFeeMinor(charge.amount),
    availableOnSeconds: world.now() + (method.availableAtOnce ? 0 : SETTLEMENT_SECONDS),
  });
  const collected = world.change("charge", account, charge.id, {
    status: "succeeded",
    paid: true,
    amount_captured: charge.amount,
    balance_transaction: transaction.id,
  });
  world.emit("charge.succeeded", collected.object, { account });
  const { object, previous } = world.change("payment_intent", account, String(charge.payment_intent), {
    status: "succeeded",
    amount_received: charge.amount,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    payment_method_types: [method.type],
    last_payment_error: null,
    next_action: null,
  });
  world.emit("payment_intent.succeeded", object, { account, previous });
  if (method.disputed) {
    world.due.add(world.now() + DECISION_SECONDS, "open_dispute", charge.id);
  }
}

/** 1.5 % and 25 cents, as Stripe charges for European cards. */
function processingFeeMinor(amountMinor: number): number {
  return Math.round((amountMinor * 15) / 1000) + 25;
}
