import type Stripe from "stripe";
import { list } from "../core/list";
import type { Parameters } from "../core/parameters";
import { type Call, type Handler, pathId } from "./call";
import { customerNamed } from "./customers";
import { refuseOtherMethod } from "./intent-methods";
import { amountIn, applicationFee, refuseUnspoken } from "./intent-parameters";
import { refuseChange } from "./intent-state";
import { namedMethodOf } from "./method-parameters";
import { refuseForeignMethod } from "./usable-method";

export const retrievePaymentIntent: Handler = (call) =>
  call.world.objects.get("payment_intent", call.account, pathId(call));

export const listPaymentIntents: Handler = (call) =>
  list(call.world, call.account, "payment_intent", "/v1/payment_intents", call.parameters, {
    customer: call.parameters.text("customer"),
  });

/** Members that can change only while nobody has paid; descriptions may change at any time. */
const SETTLED_BY_PAYING = [
  "amount",
  "application_fee_amount",
  "capture_method",
  "currency",
  "customer",
  "payment_method",
  "payment_method_data",
  "setup_future_usage",
];

/** `POST /v1/payment_intents/:id`. */
export const updatePaymentIntent: Handler = (call) => {
  const { world, account, parameters } = call;
  refuseUnspoken(parameters);
  const intent = world.objects.get("payment_intent", account, pathId(call));
  const changed = SETTLED_BY_PAYING.filter((name) => parameters.has(name));
  for (const member of changed) {
    refuseChange(intent, member);
  }
  const updated = world.change("payment_intent", account, intent.id, {
    metadata: parameters.mergedMetadata(intent.metadata),
    ...texts(parameters, ["description", "receipt_email", "statement_descriptor", "transfer_group"]),
    ...payable(call, intent),
  }).object;
  const method = namedMethodOf(call);
  if (method !== null) {
    refuseForeignMethod(world, method, updated.customer === null ? null : String(updated.customer));
    refuseOtherMethod(updated, method);
  }
  if (changed.length === 0) {
    return updated;
  }
  const payment_method = method?.id ?? updated.payment_method;
  return world.change("payment_intent", account, intent.id, {
    payment_method,
    next_action: null,
    status: payment_method === null ? "requires_payment_method" : "requires_confirmation",
  }).object;
};

function texts(parameters: Parameters, names: readonly (keyof Stripe.PaymentIntent)[]): Partial<Stripe.PaymentIntent> {
  return Object.fromEntries(names.filter((name) => parameters.has(name)).map((name) => [name, parameters.text(name)]));
}

/** Returns the members that decide what is paid. */
function payable({ world, account, parameters }: Call, intent: Stripe.PaymentIntent): Partial<Stripe.PaymentIntent> {
  const currency = parameters.has("currency") ? parameters.currency() : intent.currency;
  const amount = parameters.has("amount") ? amountIn(parameters, currency) : intent.amount;
  return {
    amount,
    currency,
    ...(parameters.has("application_fee_amount") && {
      application_fee_amount: applicationFee(parameters, account, amount, currency),
    }),
    ...(parameters.has("capture_method") && { capture_method: parameters.required("capture_method") }),
    ...(parameters.has("customer") && { customer: customerNamed(world, account, parameters.text("customer")) }),
    ...texts(parameters, ["setup_future_usage"]),
  };
}
