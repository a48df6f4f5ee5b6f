import { createCustomer, findCustomer } from "../../../stripe/customers";
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
import { effectKind } from "../../effect-kind";
import { findOutcome } from "../../find-outcome";

export const createCustomerEffect = effectKind("create-customer", {
  call: (deps, order, key) => createCustomer(deps.stripe, order, key),
  find: (deps, order, effect) => findOutcome(deps, effect, (start) => findCustomer(deps.stripe, order, start)),
});

/**
 * Stripe lists no methods without a customer, so a lost method cannot be found. It costs nothing; a used token is
 * refused.
 */
export const exchangeTokenEffect = effectKind("exchange-token", {
  call: (deps, order, key) => exchangeToken(deps.stripe, order, key),
  find: async () => ({ ok: true, value: undefined }),
});

export const attachMethodEffect = effectKind("attach-method", {
  call: (deps, order, key) => attachMethod(deps.stripe, order, key),
  find: (deps, { customerId, ...method }) => retrieveIf(deps, method, (facts) => facts.customerId === customerId),
});

export const detachMethodEffect = effectKind("detach-method", {
  call: (deps, method, key) => detachMethod(deps.stripe, method, key),
  find: (deps, method) => retrieveIf(deps, method, (facts) => facts.customerId === null),
});

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
