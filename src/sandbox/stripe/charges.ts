import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import type { World } from "../core/world";
import { type Handler, pathId } from "./call";

type Given = Pick<Stripe.Charge, "amount" | "currency" | "status"> & Partial<Stripe.Charge>;

/**
 * Makes a charge with the given members and Stripe's defaults for all others. Destination payments are charges, too.
 */
export function newCharge(world: World, prefix: "ch_" | "py_", given: Given): Stripe.Charge {
  return {
    id: newId(prefix),
    object: "charge",
    amount_captured: given.status === "succeeded" ? given.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: "ACCORD SANDBOX",
    captured: given.status !== "failed",
    created: world.now(),
    customer: null,
    description: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: null,
    paid: given.status === "succeeded",
    payment_intent: null,
    payment_method: null,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
    ...given,
  };
}

export const retrieveCharge: Handler = (call) => call.world.objects.get("charge", call.account, pathId(call));

export const listCharges: Handler = (call) =>
  list(call.world, call.account, "charge", "/v1/charges", call.parameters, {
    payment_intent: call.parameters.text("payment_intent"),
    customer: call.parameters.text("customer"),
    transfer_group: call.parameters.text("transfer_group"),
  });

export const updateCharge: Handler = (call) => {
  const charge = call.world.objects.get("charge", call.account, pathId(call));
  const metadata = call.parameters.mergedMetadata(charge.metadata);
  const { object, previous } = call.world.change("charge", call.account, charge.id, {
    metadata,
    ...(call.parameters.has("description") && { description: call.parameters.text("description") }),
    ...(call.parameters.has("transfer_group") && { transfer_group: call.parameters.text("transfer_group") }),
  });
  call.world.emit("charge.updated", object, { account: call.account, previous });
  return object;
};
