import type Stripe from "stripe";
import { list } from "../core/list";
import { PLATFORM } from "../core/objects";
import type { Parameters } from "../core/parameters";
import { Refusal, refused } from "../core/refusal";
import type { World } from "../core/world";
import { type Call, type Handler, pathId } from "./call";
import { methodFromDetails, refuseCardNumber } from "./given-method";
import { newPaymentMethod, rememberedMethod, rememberMethod } from "./new-payment-method";
import { methodFor, refuseForeignMethod } from "./usable-method";

/** `POST /v1/payment_methods`: from details, or on a connected account as the copy of a platform's method. */
export const createPaymentMethod: Handler = (call) =>
  call.parameters.has("payment_method") ? clone(call) : methodFromDetails(call.world, call.account, call.parameters);

/** Copies a platform's method to the account in `Stripe-Account`; the copy belongs to no customer yet. */
function clone({ world, account, parameters }: Call): Stripe.PaymentMethod {
  if (account === PLATFORM) {
    throw refused(
      undefined,
      "You must use a Stripe-Account header to clone a PaymentMethod to a connected account.",
      "payment_method",
    );
  }
  const given = parameters.text("customer");
  const customer = given === null ? null : world.objects.get("customer", PLATFORM, given, "customer").id;
  const original = methodFor(world, PLATFORM, parameters.required("payment_method"), "payment_method");
  refuseForeignMethod(world, original, customer);
  if (original.customer === null) {
    rememberMethod(world, original.id, { isSpent: true });
  }
  const copy = newPaymentMethod(world, account, rememberedMethod(world, original.id).method, {
    billing_details: original.billing_details,
  });
  return copy;
}

function ownMethod(call: Call): Stripe.PaymentMethod {
  return methodFor(call.world, call.account, pathId(call));
}

export const retrievePaymentMethod: Handler = (call) => ownMethod(call);

export const listPaymentMethods: Handler = (call) =>
  list(call.world, call.account, "payment_method", "/v1/payment_methods", call.parameters, {
    customer: call.parameters.text("customer"),
    type: call.parameters.text("type"),
  });

export const updatePaymentMethod: Handler = (call) => {
  const { world, account, parameters } = call;
  const method = ownMethod(call);
  const billing = parameters.child("billing_details");
  const given = (["email", "name", "phone"] as const).filter((name) => billing.has(name));
  const { object, previous } = world.change("payment_method", account, method.id, {
    metadata: parameters.mergedMetadata(method.metadata),
    billing_details: {
      ...method.billing_details,
      ...Object.fromEntries(given.map((name) => [name, billing.text(name)])),
    },
    ...(method.card && parameters.has("card") && { card: { ...method.card, ...expiryOf(parameters.child("card")) } }),
  });
  world.emit("payment_method.updated", object, { account, previous });
  return object;
};

/** Reads the expiry of a renewed card. */
function expiryOf(card: Parameters): Partial<Stripe.PaymentMethod.Card> {
  const [month, year] = [card.integer("exp_month"), card.integer("exp_year")];
  return { ...(month !== null && { exp_month: month }), ...(year !== null && { exp_year: year }) };
}

/** `POST /v1/payment_methods/:id/attach`. A card that every bank declines is declined here already. */
export const attachPaymentMethod: Handler = (call) => {
  const { world, account, parameters } = call;
  const customer = world.objects.get("customer", account, parameters.required("customer"), "customer");
  return attach(world, account, ownMethod(call), customer.id);
};

export function attach(world: World, account: string, method: Stripe.PaymentMethod, customer: string): object {
  if (method.customer !== null) {
    throw refused(undefined, "The payment method you provided has already been attached to a customer.");
  }
  const facts = rememberedMethod(world, method.id);
  if (facts.isSpent) {
    throw refused(
      undefined,
      "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.",
      "payment_method",
    );
  }
  const { decline, declinesOnlyCharges, needsAuthentication } = facts.method;
  if (decline && !declinesOnlyCharges && !needsAuthentication) {
    const { code, declineCode, message } = decline;
    throw new Refusal(
      402,
      { type: "card_error", code, message, ...(declineCode && { decline_code: declineCode }) },
      true,
    );
  }
  return attachNow(world, account, method.id, customer);
}

export function attachNow(world: World, account: string, id: string, customer: string): Stripe.PaymentMethod {
  const { object, previous } = world.change("payment_method", account, id, { customer });
  world.emit("payment_method.attached", object, { account, previous });
  return object;
}

/** `POST /v1/payment_methods/:id/detach`: for good. */
export const detachPaymentMethod: Handler = (call) => {
  const { world, account } = call;
  const method = ownMethod(call);
  if (method.customer === null) {
    throw refused(
      undefined,
      "The payment method you provided is not attached to a customer so detachment is impossible.",
    );
  }
  const { object, previous } = world.change("payment_method", account, method.id, { customer: null });
  rememberMethod(world, method.id, { isSpent: true });
  world.emit("payment_method.detached", object, { account, previous });
  return object;
};

/** `POST /v1/tokens`: browsers may make tokens of cards, servers may not. */
export const createToken: Handler = ({ parameters }) => {
  refuseCardNumber(parameters.child("card"));
  throw refused(undefined, "The sandbox makes no tokens: use tok_visa and its like.");
};
