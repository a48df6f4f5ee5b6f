import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import { invalid } from "../core/refusal";
import { APPLICATION } from "./balance-transactions";
import type { Call, Handler } from "./call";
import { confirm } from "./confirm-payment-intent";
import { customerNamed } from "./customers";
import { acceptedMethods, refuseOtherMethod } from "./intent-methods";
import { amountIn, applicationFee, refuseUnspoken } from "./intent-parameters";
import { namedMethodOf } from "./method-parameters";
import { newPaymentIntent } from "./new-payment-intent";
import { refuseForeignMethod } from "./usable-method";

/** Parameters that are allowed only with `confirm`. */
const ONLY_WITH_CONFIRM = ["error_on_requires_action", "mandate_data", "off_session", "return_url"];

/** `POST /v1/payment_intents`, on the platform or as a direct charge; `confirm` pays at once. */
export const createPaymentIntent: Handler = (call) => {
  const { world, account, parameters } = call;
  refuseUnspoken(parameters);
  const isConfirmed = parameters.flag("confirm") === true;
  const lonely = ONLY_WITH_CONFIRM.find((name) => parameters.has(name));
  if (!isConfirmed && lonely !== undefined) {
    throw invalid(
      lonely,
      `The parameter \`${lonely}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`,
    );
  }
  const currency = parameters.currency();
  const amount = amountIn(parameters, currency);
  const intent = newPaymentIntent(world, account, {
    ...acceptedMethods(parameters, currency),
    amount,
    application: account === PLATFORM ? null : APPLICATION,
    application_fee_amount: applicationFee(parameters, account, amount, currency),
    capture_method: parameters.oneOf("capture_method", ["automatic", "automatic_async", "manual"]) ?? "automatic_async",
    confirmation_method: parameters.oneOf("confirmation_method", ["automatic", "manual"]) ?? "automatic",
    currency,
    customer: customerNamed(world, account, parameters.text("customer")),
    description: parameters.shortText("description", 1_000),
    metadata: parameters.metadata(),
    receipt_email: parameters.email("receipt_email"),
    setup_future_usage: parameters.oneOf("setup_future_usage", ["off_session", "on_session"]),
    statement_descriptor: parameters.text("statement_descriptor"),
    statement_descriptor_suffix: parameters.descriptorSuffix(),
    transfer_group: parameters.text("transfer_group"),
  });
  return isConfirmed ? confirm(call, intent) : withMethod(call, intent);
};

/** Sets a method that was given in advance; it waits for the confirmation. */
function withMethod(call: Call, intent: Stripe.PaymentIntent): object {
  const method = namedMethodOf(call);
  if (method === null) {
    return intent;
  }
  refuseForeignMethod(call.world, method, intent.customer === null ? null : String(intent.customer));
  refuseOtherMethod(intent, method);
  return call.world.change("payment_intent", call.account, intent.id, {
    payment_method: method.id,
    status: "requires_confirmation",
  }).object;
}
