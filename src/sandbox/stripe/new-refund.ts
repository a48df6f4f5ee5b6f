import type Stripe from "stripe";
import { newId } from "../core/id";
import type { World } from "../core/world";

type Given = Pick<Stripe.Refund, "amount"> & Partial<Stripe.Refund>;

/** Makes a refund of a charge with the given members and Stripe's defaults for all others. */
export function newRefund(world: World, charge: Stripe.Charge, given: Given): Stripe.Refund {
  return {
    id: newId("re_"),
    object: "refund",
    balance_transaction: null,
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    customer: charge.customer === null ? null : String(charge.customer),
    customer_account: null,
    destination_details: {
      type: "card",
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
    },
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
    ...given,
  };
}
