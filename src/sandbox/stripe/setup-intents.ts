import type Stripe from "stripe";
import { newId } from "../core/id";
import { PLATFORM } from "../core/objects";
import { invalid, Refusal } from "../core/refusal";
import type { World } from "../core/world";
import { APPLICATION } from "./balance-transactions";
import { type Call, type Handler, pathId } from "./call";
import { customerNamed } from "./customers";
import { isMandated } from "./mandates";
import { namedMethodOf } from "./method-parameters";
import { rememberedMethod, rememberMethod } from "./new-payment-method";
import { authenticationStep } from "./pay";
import { attachNow } from "./payment-methods";
import { refuseForeignMethod } from "./usable-method";

/** `POST /v1/setup_intents`: saves a method for later, without a payment. */
export const createSetupIntent: Handler = (call) => {
  const { world, account, parameters } = call;
  const id = newId("seti_");
  const intent: Stripe.SetupIntent = {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: account === PLATFORM ? null : APPLICATION,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${newId("")}`,
    created: world.now(),
    customer: customerNamed(world, account, parameters.text("customer")),
    description: parameters.text("description"),
    excluded_payment_method_types: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: parameters.metadata(),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card", "sepa_debit"],
    single_use_mandate: null,
    status: "requires_payment_method",
    usage: parameters.oneOf("usage", ["off_session", "on_session"]) ?? "off_session",
  };
  world.insert("setup_intent", account, intent);
  world.emit("setup_intent.created", intent, { account });
  if (parameters.flag("confirm")) {
    return confirm(call, intent);
  }
  const method = namedMethodOf(call);
  return method === null
    ? intent
    : world.change("setup_intent", account, id, { payment_method: method.id, status: "requires_confirmation" }).object;
};

export const retrieveSetupIntent: Handler = (call) =>
  call.world.objects.get("setup_intent", call.account, pathId(call));

/** `POST /v1/setup_intents/:id/confirm`. */
export const confirmSetupIntent: Handler = (call) =>
  confirm(call, call.world.objects.get("setup_intent", call.account, pathId(call)));

function confirm(call: Call, intent: Stripe.SetupIntent): object {
  const { world, account, parameters } = call;
  if (intent.status === "succeeded" || intent.status === "canceled") {
    const message = `You cannot confirm this SetupIntent because it has a status of ${intent.status}.`;
    const code = "setup_intent_unexpected_state";
    throw new Refusal(400, { type: "invalid_request_error", code, message, setup_intent: intent }, true);
  }
  const given = namedMethodOf(call);
  if (given === null && intent.payment_method === null) {
    throw invalid("payment_method", "You cannot confirm this SetupIntent because it's missing a payment method.");
  }
  const method = given ?? world.objects.get("payment_method", account, String(intent.payment_method), "payment_method");
  refuseForeignMethod(world, method, intent.customer === null ? null : String(intent.customer));
  if (!isMandated(world, method, parameters)) {
    const message = `When confirming a SetupIntent with a \`${method.type}\` PaymentMethod, \`mandate_data\` is required.`;
    throw invalid("mandate_data", message, "parameter_missing");
  }
  world.objects.setHidden(intent.id, { returnUrl: parameters.text("return_url") });
  const { decline, declinesOnlyCharges, needsAuthentication } = rememberedMethod(world, method.id).method;
  if (needsAuthentication) {
    const { object, previous } = world.change("setup_intent", account, intent.id, {
      payment_method: method.id,
      status: "requires_action",
      next_action: authenticationStep(world, intent.id),
    });
    world.emit("setup_intent.requires_action", object, { account, previous });
    return object;
  }
  if (decline && !declinesOnlyCharges) {
    const { code, declineCode, message } = decline;
    const error = { type: "card_error" as const, code, message, ...(declineCode && { decline_code: declineCode }) };
    const failed = fail(world, account, intent.id, method, error);
    return new Refusal(402, { ...error, setup_intent: failed, payment_method: method }, true);
  }
  return succeed(world, account, intent.id, method);
}

/** Handles the cardholder's answer to the bank. Returns null if there is no question any more. */
export function answerSetup(
  world: World,
  account: string,
  id: string,
  answer: "approve" | "fail",
): "succeeded" | "failed" | null {
  const intent = world.objects.get("setup_intent", account, id);
  if (intent.status !== "requires_action") {
    return null;
  }
  const method = world.objects.get("payment_method", account, String(intent.payment_method));
  if (answer === "approve") {
    succeed(world, account, id, method);
    return "succeeded";
  }
  fail(world, account, id, method, {
    type: "invalid_request_error",
    code: "setup_intent_authentication_failure",
    message:
      "The latest attempt to set up the payment method has failed because authentication failed. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this SetupIntent again.",
  });
  return "failed";
}

function succeed(world: World, account: string, id: string, method: Stripe.PaymentMethod): Stripe.SetupIntent {
  const { object, previous } = world.change("setup_intent", account, id, {
    payment_method: method.id,
    status: "succeeded",
    last_setup_error: null,
    next_action: null,
  });
  rememberMethod(world, method.id, { isSetUp: true });
  if (object.customer !== null && method.customer === null) {
    attachNow(world, account, method.id, String(object.customer));
  }
  world.emit("setup_intent.succeeded", object, { account, previous });
  return object;
}

function fail(
  world: World,
  account: string,
  id: string,
  method: Stripe.PaymentMethod,
  error: Stripe.SetupIntent.LastSetupError,
): Stripe.SetupIntent {
  const { object, previous } = world.change("setup_intent", account, id, {
    payment_method: null,
    status: "requires_payment_method",
    last_setup_error: { ...error, payment_method: method },
    next_action: null,
  });
  world.emit("setup_intent.setup_failed", object, { account, previous });
  return object;
}
