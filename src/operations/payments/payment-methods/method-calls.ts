import type { PaymentMethod, Shopper } from "../../../db/payments/payment-methods";
import { bucketOf } from "../../../domain/id";
import type { Deps } from "../../deps";
import type { EffectOrder } from "../../effects";

/**
 * Returns the first call for a new method. The shopper needs a customer on the account before anything can be attached
 * to it.
 */
export function firstCall(deps: Deps, shopper: Shopper, method: PaymentMethod, preferred: boolean): EffectOrder {
  const { userId, stripeAccountId } = method;
  const customerId = customerOn(shopper, stripeAccountId);
  if (customerId !== undefined) return nextCall(deps, method, customerId, preferred);
  return { ...about(deps, method), kind: "create-customer", params: { userId, stripeAccountId, preferred } };
}

/** Returns the call that follows once the customer exists: a token is exchanged, a method attached. */
export function nextCall(deps: Deps, method: PaymentMethod, customerId: string, preferred: boolean): EffectOrder {
  const { givenId: token, stripeId: methodId, stripeAccountId } = method;
  return methodId === null
    ? { ...about(deps, method), kind: "exchange-token", params: { token, stripeAccountId, preferred } }
    : { ...about(deps, method), kind: "attach-method", params: { methodId, stripeAccountId, customerId, preferred } };
}

/** Returns the call that detaches a method from its customer. */
export function detachment(deps: Deps, method: PaymentMethod): EffectOrder {
  const { stripeId: methodId, stripeAccountId } = method;
  return { ...about(deps, method), kind: "detach-method", params: { methodId: methodId ?? "", stripeAccountId } };
}

/** Returns the shopper's customer on an account; undefined if there is none yet. */
export function customerOn({ customers }: Shopper, stripeAccountId: string): string | undefined {
  return customers.find((customer) => customer.stripeAccountId === stripeAccountId)?.stripeId;
}

function about(deps: Deps, { userId, id }: PaymentMethod) {
  return { aggregateId: userId, id: deps.newId(bucketOf(userId)), subjectId: id };
}
