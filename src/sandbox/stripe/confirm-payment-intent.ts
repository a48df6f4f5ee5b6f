import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import { Refusal, refused } from "../core/refusal";
import type { World } from "../core/world";
import { type Call, type Handler, pathId } from "./call";
import { refuseOtherMethod, refuseWithoutReturnUrl } from "./intent-methods";
import { refuseUnspoken } from "./intent-parameters";
import { CHANGEABLE, refuseUnless, unexpectedState } from "./intent-state";
import { isMandated, mandateMissing } from "./mandates";
import { namedMethodOf } from "./method-parameters";
import { rememberMethod } from "./new-payment-method";
import { type Attempt, type Authentication, pay } from "./pay";
import { attachNow } from "./payment-methods";
import { instrumentOf, methodFor, refuseForeignMethod } from "./usable-method";

/** `POST /v1/payment_intents/:id/confirm`. */
export const confirmPaymentIntent: Handler = (call) => {
  refuseUnspoken(call.parameters);
  return confirm(call, call.world.objects.get("payment_intent", call.account, pathId(call)));
};

/**
 * Pays with the method that is named in the request, or with the one named before. A decline is an answer that is
 * stored.
 */
export function confirm(call: Call, intent: Stripe.PaymentIntent): object {
  const { world, account, parameters } = call;
  if (intent.status === "succeeded") {
    throw unexpectedState(
      intent,
      "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
    );
  }
  refuseUnless(intent, CHANGEABLE, { beginning: "You cannot confirm this PaymentIntent", done: "confirmed" });
  const method = namedMethodOf(call) ?? methodBefore(world, account, intent);
  refuseForeignMethod(world, method, intent.customer === null ? null : String(intent.customer));
  const ready = world.change("payment_intent", account, intent.id, {
    payment_method: method.id,
    ...(parameters.has("capture_method") && { capture_method: parameters.required("capture_method") }),
    ...(parameters.has("receipt_email") && { receipt_email: parameters.email("receipt_email") }),
    ...(parameters.has("setup_future_usage") && { setup_future_usage: parameters.text("setup_future_usage") }),
  }).object;
  refuseOtherMethod(ready, method);
  const returnUrl = parameters.text("return_url");
  refuseWithoutReturnUrl(ready, returnUrl);
  refuseDisabledAccount(world, account);
  if (!isMandated(world, method, parameters)) {
    return mandateMissing(
      world.change("payment_intent", account, intent.id, { status: "requires_confirmation", next_action: null }).object,
    );
  }
  world.objects.setHidden(intent.id, { returnUrl });
  const outcome = payWith(world, account, intent.id, method, authenticationOf(call));
  return outcome.result === "declined"
    ? declined(world, account, intent.id, outcome)
    : world.objects.get("payment_intent", account, intent.id);
}

function methodBefore(world: World, account: string, intent: Stripe.PaymentIntent): Stripe.PaymentMethod {
  if (intent.payment_method === null) {
    const how =
      intent.customer === null
        ? "You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
        : `To confirm the PaymentIntent with ${intent.customer}, specify a payment method attached to this customer along with the customer ID.`;
    throw unexpectedState(
      intent,
      `You cannot confirm this PaymentIntent because it's missing a payment method. ${how}`,
    );
  }
  return methodFor(world, account, String(intent.payment_method), "payment_method");
}

/** Refuses an account that may not charge. It can prepare payments; only confirming one is refused. */
function refuseDisabledAccount(world: World, account: string): void {
  if (account !== PLATFORM && !world.objects.get("account", PLATFORM, account).charges_enabled) {
    throw refused(undefined, "Your account cannot currently make charges.");
  }
}

function authenticationOf({ parameters }: Call): Authentication {
  const offSession = parameters.text("off_session");
  const isOffSession = offSession !== null && offSession !== "false";
  return isOffSession || parameters.flag("error_on_requires_action") ? "nobody_there" : "not_asked";
}

/** Handles the cardholder's answer to the bank. Returns null if there is no question any more. */
export function answerAuthentication(
  world: World,
  account: string,
  intentId: string,
  answer: "approve" | "fail",
): Attempt | null {
  const intent = world.objects.get("payment_intent", account, intentId);
  if (intent.status !== "requires_action" || intent.payment_method === null) {
    return null;
  }
  const method = world.objects.get("payment_method", account, String(intent.payment_method));
  return payWith(world, account, intentId, method, answer);
}

function payWith(
  world: World,
  account: string,
  intentId: string,
  method: Stripe.PaymentMethod,
  authentication: Authentication,
): Attempt {
  const outcome = pay(world, account, intentId, instrumentOf(world, method), authentication);
  if (outcome.result !== "declined" && outcome.result !== "requires_action") {
    keepMethod(world, account, intentId, method, authentication);
  }
  return outcome;
}

/** Saves a method for the customer if the payment requested it; without a customer it cannot be used again. */
function keepMethod(
  world: World,
  account: string,
  intentId: string,
  method: Stripe.PaymentMethod,
  authentication: Authentication,
): void {
  const { customer, setup_future_usage } = world.objects.get("payment_intent", account, intentId);
  const isKept = customer !== null && setup_future_usage !== null;
  if (method.customer === null && isKept) {
    attachNow(world, account, method.id, String(customer));
  }
  if (method.customer === null && !isKept) {
    rememberMethod(world, method.id, { isSpent: true });
  }
  if (setup_future_usage === "off_session" && authentication === "approve") {
    rememberMethod(world, method.id, { isSetUp: true });
  }
}

function declined(
  world: World,
  account: string,
  intentId: string,
  { decline }: Extract<Attempt, { result: "declined" }>,
): Refusal {
  const intent = world.objects.get("payment_intent", account, intentId);
  const { charge, payment_method } = intent.last_payment_error ?? {};
  return new Refusal(
    402,
    {
      type: "card_error",
      code: decline.code,
      ...(decline.declineCode !== null && { decline_code: decline.declineCode }),
      message: decline.message,
      ...(charge && { charge }),
      payment_intent: intent,
      ...(payment_method && { payment_method }),
    },
    true,
  );
}
