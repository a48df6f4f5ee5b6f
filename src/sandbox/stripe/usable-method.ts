import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import { missing, Refusal, refused } from "../core/refusal";
import type { World } from "../core/world";
import type { Instrument } from "./attempt-charge";
import { newPaymentMethod, rememberedMethod } from "./new-payment-method";
import { namedMethod } from "./test-methods";

/**
 * Returns the PaymentMethod that a request names. A test value makes a new one. A method of the platform is not found
 * on a connected account, and Stripe's refusal says so.
 */
export function methodFor(world: World, account: string, id: string, param?: string): Stripe.PaymentMethod {
  const named = id.startsWith("pm_") ? namedMethod(id) : null;
  if (named !== null) {
    return newPaymentMethod(world, account, named);
  }
  const found = world.objects.find("payment_method", account, id);
  if (found === null && account !== PLATFORM && world.objects.find("payment_method", PLATFORM, id) !== null) {
    throw new Refusal(
      param === undefined ? 404 : 400,
      {
        type: "invalid_request_error",
        code: "resource_missing",
        message: `No such PaymentMethod: '${id}'; OAuth key or Stripe-Account header was used but API request was provided with a platform-owned payment method ID. Please ensure that the provided payment method matches the specified account.`,
        param: param ?? "payment_method",
      },
      true,
    );
  }
  if (found === null) {
    throw missing("payment_method", id, param);
  }
  return found;
}

/** Refuses a method that the customer (or, without one, the payment) may not use. */
export function refuseForeignMethod(world: World, method: Stripe.PaymentMethod, customer: string | null): void {
  if (method.customer !== null && customer === null) {
    throw refused(
      undefined,
      `The provided PaymentMethod (${method.id}) belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
      "payment_method",
    );
  }
  if (method.customer !== null && method.customer !== customer) {
    throw refused(
      "resource_missing",
      `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
      "payment_method",
    );
  }
  if (method.customer === null && rememberedMethod(world, method.id).isSpent) {
    throw refused(
      undefined,
      "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.",
    );
  }
}

/** Returns the PaymentMethod in the form that payments use. */
export function instrumentOf(world: World, method: Stripe.PaymentMethod): Instrument {
  const { method: number, isSetUp, mandate } = rememberedMethod(world, method.id);
  return { method: number, paymentMethod: method.id, billing: method.billing_details, isSetUp, mandate };
}
