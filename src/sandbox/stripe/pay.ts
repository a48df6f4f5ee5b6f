import type Stripe from "stripe";
import { newId } from "../core/id";
import type { World } from "../core/world";
import { attemptCharge, type Instrument, rememberedOf } from "./attempt-charge";
import { authorize } from "./authorizations";
import { collect } from "./collect";
import { DECISION_SECONDS } from "./delays";
import type { Decline, TestMethod } from "./test-methods";

const AUTHENTICATION_FAILED: Decline = {
  code: "payment_intent_authentication_failure",
  declineCode: null,
  message:
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
};

const AUTHENTICATION_REQUIRED: Decline = {
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

/** The result of an attempt to pay a PaymentIntent. All its effects are written. */
export type Attempt =
  | { result: "succeeded" | "requires_capture" | "processing" | "requires_action" }
  | { result: "declined"; decline: Decline };

/** The cardholder's answer in the step of 3-D Secure, or that there is none. */
export type Authentication = "approve" | "fail" | "not_asked" | "nobody_there";

/** Pays a PaymentIntent, up to the point at which the method stops it. */
export function pay(
  world: World,
  account: string,
  intentId: string,
  instrument: Instrument,
  authentication: Authentication,
): Attempt {
  const { method } = instrument;
  const isAsking = method.needsAuthentication === "always" || (method.needsAuthentication && !instrument.isSetUp);
  if (isAsking && authentication === "not_asked") {
    requireAction(world, account, intentId, instrument);
    return { result: "requires_action" };
  }
  if (authentication === "fail") {
    failAuthentication(world, account, intentId, instrument);
    return { result: "declined", decline: AUTHENTICATION_FAILED };
  }
  const decline = isAsking && authentication === "nobody_there" ? AUTHENTICATION_REQUIRED : method.decline;
  if (decline) {
    declinePayment(world, account, intentId, instrument, decline);
    return { result: "declined", decline };
  }
  if (method.delayed) {
    startDelayed(world, account, intentId, instrument);
    return { result: "processing" };
  }
  const isAuthenticated = authentication === "approve";
  if (world.objects.get("payment_intent", account, intentId).capture_method === "manual") {
    authorize(world, account, intentId, instrument, isAuthenticated);
    return { result: "requires_capture" };
  }
  collect(world, account, attemptCharge(world, account, intentId, instrument, "collected", { isAuthenticated }));
  return { result: "succeeded" };
}

function requireAction(world: World, account: string, intentId: string, instrument: Instrument): void {
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "requires_action",
    payment_method: instrument.paymentMethod,
    last_payment_error: null,
    next_action: authenticationStep(world, intentId),
  });
  world.emit("payment_intent.requires_action", object, { account, previous });
}

/**
 * Returns the next action of an authentication: a page to redirect to, or, without a return URL, what Stripe.js would
 * show.
 */
export function authenticationStep(world: World, intentId: string) {
  const returnUrl = (world.objects.hidden(intentId).returnUrl as string | null | undefined) ?? null;
  const url = `${world.origin()}/sandbox/authenticate/${intentId}`;
  return returnUrl === null
    ? {
        type: "use_stripe_sdk",
        use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url, source: newId("payatt_") },
      }
    : { type: "redirect_to_url", redirect_to_url: { return_url: returnUrl, url } };
}

/** Fails the authentication. Nothing was tried at the bank, so there is no charge. */
function failAuthentication(world: World, account: string, intentId: string, instrument: Instrument): void {
  failIntent(world, account, intentId, instrument, {
    type: "invalid_request_error",
    code: AUTHENTICATION_FAILED.code,
    message: AUTHENTICATION_FAILED.message,
  });
}

function declinePayment(
  world: World,
  account: string,
  intentId: string,
  instrument: Instrument,
  decline: Decline,
): void {
  const charge = attemptCharge(world, account, intentId, instrument, "failed", { decline });
  world.emit("charge.failed", charge, { account });
  world.change("payment_intent", account, intentId, { latest_charge: charge.id });
  failIntent(world, account, intentId, instrument, cardError(decline, charge.id, instrument.method));
}

function cardError(decline: Decline, charge: string, method: TestMethod): Stripe.PaymentIntent.LastPaymentError {
  return {
    type: "card_error",
    charge,
    code: decline.code,
    ...(decline.declineCode && { decline_code: decline.declineCode }),
    message: decline.message,
    payment_method_type: method.type,
  };
}

/** Returns a PaymentIntent to its beginning: the method is removed, and another one may be tried. */
function failIntent(
  world: World,
  account: string,
  intentId: string,
  instrument: Pick<Instrument, "paymentMethod">,
  error: Stripe.PaymentIntent.LastPaymentError,
): void {
  const method = world.objects.find("payment_method", account, instrument.paymentMethod);
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "requires_payment_method",
    next_action: null,
    payment_method: null,
    processing: null,
    last_payment_error: { ...error, ...(method && { payment_method: method }) },
  });
  world.emit("payment_intent.payment_failed", object, { account, previous });
}

function startDelayed(world: World, account: string, intentId: string, instrument: Instrument): void {
  const charge = attemptCharge(world, account, intentId, instrument, "pending");
  world.emit("charge.pending", charge, { account });
  const { object, previous } = world.change("payment_intent", account, intentId, {
    status: "processing",
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    last_payment_error: null,
    next_action: null,
  });
  world.emit("payment_intent.processing", object, { account, previous });
  world.due.add(world.now() + DECISION_SECONDS, "decide_payment", intentId);
}

/** Decides a payment by a delayed method. Returns the result. */
export function decidePayment(world: World, account: string, intentId: string): "succeeded" | "failed" {
  const intent = world.objects.get("payment_intent", account, intentId);
  const charge = world.objects.get("charge", account, String(intent.latest_charge));
  const { method } = rememberedOf(world, charge.id);
  if (method === undefined || method.delayed === "succeeds") {
    collect(world, account, charge);
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
  const paymentMethod = String(charge.payment_method);
  failIntent(world, account, intentId, { paymentMethod }, cardError(decline, charge.id, method));
  return "failed";
}
