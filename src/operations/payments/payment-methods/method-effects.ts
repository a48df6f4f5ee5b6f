import type { StripeEffect } from "../../../db/stripe-effects";
import { type CustomerFacts, type CustomerOrder, createCustomer, findCustomer } from "../../../stripe/customers";
import type { StripeOutcome } from "../../../stripe/failure";
import {
  attachMethod,
  detachMethod,
  exchangeToken,
  type MethodFacts,
  type MethodKey,
  retrieveMethod,
} from "../../../stripe/payment-methods";
import type { Deps } from "../../deps";
import type { EffectKind } from "../../effects";
import { findOutcome } from "../../find-outcome";

/** The kinds of calls that are made for a shopper, under the shopper's lock. */
export const methodCalls: readonly string[] = ["create-customer", "exchange-token", "attach-method", "detach-method"];

/** The shopper's request beside the method itself, which travels with the method's calls. */
interface Wish {
  preferred: boolean;
}

export type CustomerCall = CustomerOrder & Wish;
export type TokenCall = Wish & { token: string; stripeAccountId: string };
export type AttachCall = Wish & MethodKey & { customerId: string };

/** Returns the parameters of a pending call, with the shopper's request. */
export function paramsOf<T>(effect: StripeEffect): T {
  return effect.params as unknown as T; // the row was written in this form
}

export const createCustomerEffect: EffectKind<CustomerFacts> = {
  call: (deps, effect, key) => createCustomer(deps.stripe, paramsOf<CustomerCall>(effect), key),
  find: (deps, effect) =>
    findOutcome(deps, effect, (start) => findCustomer(deps.stripe, paramsOf<CustomerCall>(effect), start)),
};

/**
 * Stripe lists no methods without a customer, so a lost method cannot be found. It costs nothing; a used token is
 * refused.
 */
export const exchangeTokenEffect: EffectKind<MethodFacts> = {
  call: (deps, effect, key) => exchangeToken(deps.stripe, paramsOf<TokenCall>(effect), key),
  find: async () => ({ ok: true, value: undefined }),
};

export const attachMethodEffect: EffectKind<MethodFacts> = {
  call: (deps, effect, key) => attachMethod(deps.stripe, paramsOf<AttachCall>(effect), key),
  find: (deps, effect) => {
    const { customerId, ...method } = paramsOf<AttachCall>(effect);
    return retrieveIf(deps, method, (facts) => facts.customerId === customerId);
  },
};

export const detachMethodEffect: EffectKind<MethodFacts> = {
  call: (deps, effect, key) => detachMethod(deps.stripe, paramsOf<MethodKey>(effect), key),
  find: (deps, effect) => retrieveIf(deps, paramsOf<MethodKey>(effect), (facts) => facts.customerId === null),
};

async function retrieveIf(
  deps: Deps,
  method: MethodKey,
  isDone: (facts: MethodFacts) => boolean,
): Promise<StripeOutcome<MethodFacts | undefined>> {
  const asked = await retrieveMethod(deps.stripe, method);
  if (asked.ok) return { ok: true, value: isDone(asked.value) ? asked.value : undefined };
  // An object that Stripe does not know was not made: Stripe will say the same to the next call.
  return asked.failure.meaning === "refused" ? { ok: true, value: undefined } : asked;
}
