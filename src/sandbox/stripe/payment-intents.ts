import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import type { World } from "../core/world";
import { type Handler, pathId } from "./call";

type Given = Pick<Stripe.PaymentIntent, "amount" | "currency"> & Partial<Stripe.PaymentIntent>;

/** Creates a PaymentIntent with the given members and Stripe's defaults for all others. */
export function createPaymentIntent(world: World, account: string, given: Given): Stripe.PaymentIntent {
  const id = newId("pi_");
  const intent: Stripe.PaymentIntent = {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${newId("")}`,
    confirmation_method: "automatic",
    created: world.now(),
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
    ...given,
  };
  world.insert("payment_intent", account, intent);
  world.emit("payment_intent.created", intent, { account });
  return intent;
}

export const retrievePaymentIntent: Handler = (call) =>
  call.world.objects.get("payment_intent", call.account, pathId(call));

export const listPaymentIntents: Handler = (call) =>
  list(call.world, call.account, "payment_intent", "/v1/payment_intents", call.parameters, {
    customer: call.parameters.text("customer"),
  });

export const updatePaymentIntent: Handler = (call) => {
  const intent = call.world.objects.get("payment_intent", call.account, pathId(call));
  return call.world.change("payment_intent", call.account, intent.id, {
    metadata: call.parameters.mergedMetadata(intent.metadata),
    ...(call.parameters.has("description") && { description: call.parameters.text("description") }),
    ...(call.parameters.has("transfer_group") && { transfer_group: call.parameters.text("transfer_group") }),
  }).object;
};

/** A session that expires takes its PaymentIntent with it. */
export function cancelPaymentIntent(world: World, account: string, id: string): void {
  const { object, previous } = world.change("payment_intent", account, id, {
    status: "canceled",
    canceled_at: world.now(),
    cancellation_reason: "automatic",
    next_action: null,
  });
  world.emit("payment_intent.canceled", object, { account, previous });
}
