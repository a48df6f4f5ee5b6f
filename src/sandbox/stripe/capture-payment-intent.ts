import type Stripe from "stripe";
import { refuseBetweenSteps } from "../core/currency-rules";
import { PLATFORM } from "../core/objects";
import type { Parameters } from "../core/parameters";
import { invalid, refused } from "../core/refusal";
import { captureAuthorized } from "./authorizations";
import { type Handler, pathId } from "./call";
import { applicationFee, refuseLargeFee, refuseUnspoken } from "./intent-parameters";
import { refuseUnless, unexpectedState } from "./intent-state";

/** `POST /v1/payment_intents/:id/capture`: once, all or a part; the rest is released. */
export const capturePaymentIntent: Handler = (call) => {
  const { world, account, parameters } = call;
  refuseUnspoken(parameters);
  const intent = world.objects.get("payment_intent", account, pathId(call));
  if (intent.status === "succeeded") {
    throw unexpectedState(intent, "This PaymentIntent could not be captured because it has already been captured.");
  }
  refuseUnless(intent, ["requires_capture"], {
    beginning: "This PaymentIntent could not be captured",
    done: "captured",
  });
  if (parameters.flag("final_capture") === false) {
    throw invalid("final_capture", "This PaymentIntent does not support capturing more than once.");
  }
  const amount = amountToCapture(parameters, intent);
  const fee = feeOf(parameters, account, intent, amount);
  world.change("payment_intent", account, intent.id, {
    application_fee_amount: fee,
    metadata: parameters.mergedMetadata(intent.metadata),
  });
  const charge = world.objects.get("charge", account, String(intent.latest_charge));
  captureAuthorized(world, account, charge, amount, { application_fee_amount: fee });
  return world.objects.get("payment_intent", account, intent.id);
};

function amountToCapture(parameters: Parameters, intent: Stripe.PaymentIntent): number {
  const amount = parameters.amount("amount_to_capture") ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    throw refused(
      "amount_too_large",
      `The amount to capture (${amount}) is greater than the amount that can be captured (${intent.amount_capturable}).`,
      "amount_to_capture",
    );
  }
  refuseBetweenSteps(amount, intent.currency, "amount_to_capture");
  return amount;
}

/**
 * Returns the platform's fee. The agreed fee applies to a part, too, unless another is given; it never exceeds what is
 * captured.
 */
function feeOf(
  parameters: Parameters,
  account: string,
  intent: Stripe.PaymentIntent,
  amountMinor: number,
): number | null {
  const fee = applicationFee(parameters, account, amountMinor, intent.currency) ?? intent.application_fee_amount;
  if (fee !== null && account !== PLATFORM) {
    refuseLargeFee(fee, amountMinor);
  }
  return fee;
}
