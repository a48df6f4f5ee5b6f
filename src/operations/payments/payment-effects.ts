import type { PaymentAggregate } from "../../db/payments/payments";
import { bucketOf } from "../../domain/id";
import type { CallKind, callRoots } from "../../domain/stripe-call";
import { createConnectedRefund, listConnectedRefunds } from "../../stripe/connected-refunds";
import type { StripeOutcome } from "../../stripe/failure";
import type { IntentFacts } from "../../stripe/intent-facts";
import {
  bindCustomer,
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  findIntent,
  type IntentKey,
  retrieveIntent,
} from "../../stripe/payment-intents";
import { cloneMethod } from "../../stripe/payment-methods";
import type { CallParams, ConfirmOrder } from "../call-params";
import type { Deps } from "../deps";
import { effectKind } from "../effect-kind";
import type { EffectOrder } from "../effects";
import { findOutcome } from "../find-outcome";

export const createIntentEffect = effectKind("create-intent", {
  call: (deps, order, key) => createIntent(deps.stripe, order, key),
  find: (deps, order, effect) => findOutcome(deps, effect, (start) => findIntent(deps.stripe, order, start)),
});

export const confirmIntentEffect = effectKind("confirm-intent", {
  async call(deps, order, key) {
    const method = await usableMethod(deps, order, key);
    if (!method.ok) return method;
    if (order.customerId !== null) {
      const bound = await bindCustomer(deps.stripe, order, order.customerId, `${key}.customer`);
      if (!bound.ok) return bound;
    }
    return confirmIntent(deps.stripe, order, { ...order, methodId: method.value }, key);
  },
  async find(deps, { before, ...intent }) {
    const asked = await retrieveIntent(deps.stripe, intent);
    if (!asked.ok) return asked;
    const { status, charge, lastError } = asked.value;
    const isSame =
      status === before.status && (charge?.id ?? null) === before.chargeId && errorOf(lastError) === before.error;
    return { ok: true, value: isSame ? undefined : asked.value };
  },
});

/**
 * Returns the method's id that can pay on the account. Stripe refuses a platform's method there, so a clone of it is
 * made.
 */
async function usableMethod(deps: Deps, order: ConfirmOrder, key: string): Promise<StripeOutcome<string>> {
  const { methodId, platformCustomerId: customerId, stripeAccountId } = order;
  if (customerId === null) return { ok: true, value: methodId };
  const cloned = await cloneMethod(deps.stripe, { customerId, methodId, stripeAccountId }, `${key}.clone`);
  return cloned.ok ? { ok: true, value: cloned.value.id } : cloned;
}

/** Returns an error as a text to compare. Without a charge, the same decline twice in a row cannot be told apart. */
export function errorOf(error: IntentFacts["lastError"]): string | null {
  return error === null ? null : JSON.stringify(error);
}

export const captureIntentEffect = effectKind("capture-intent", {
  call: (deps, order, key) => captureIntent(deps.stripe, order, order, key),
  find: (deps, order) => unlessStill("requires_capture", deps, order),
});

export const cancelIntentEffect = effectKind("cancel-intent", {
  call: (deps, order, key) => cancelIntent(deps.stripe, order, key),
  async find(deps, order) {
    const asked = await retrieveIntent(deps.stripe, order);
    if (!asked.ok) return asked;
    const isOver = asked.value.status === "canceled" || asked.value.status === "succeeded";
    return { ok: true, value: isOver ? asked.value : undefined };
  },
});

export const createRefundEffect = effectKind("create-payment-refund", {
  call: (deps, order, key) => createConnectedRefund(deps.stripe, order, key),
  async find(deps, order) {
    const listed = await listConnectedRefunds(deps.stripe, order);
    return listed.ok ? { ok: true, value: listed.value.find(({ refundId }) => refundId === order.refundId) } : listed;
  },
});

/** Returns the PaymentIntent if it has left the state in which the call can be made. */
async function unlessStill(
  status: string,
  deps: Deps,
  order: IntentKey,
): Promise<StripeOutcome<IntentFacts | undefined>> {
  const asked = await retrieveIntent(deps.stripe, order);
  if (!asked.ok) return asked;
  return { ok: true, value: asked.value.status === status ? undefined : asked.value };
}

export type PaymentEffectKind = {
  [K in CallKind]: (typeof callRoots)[K] extends "payment" ? K : never;
}[CallKind];

/** The kinds that a developer requests: their parameters name the request. */
export type RequestedKind = "confirm-intent" | "capture-intent" | "cancel-intent";

/** The kinds of calls of a payment, each with its parameters. */
export type PaymentCall = { [K in PaymentEffectKind]: { kind: K; order: CallParams[K] } }[PaymentEffectKind];

/** Makes the order for a pending call of a payment. */
export function orderFor(
  deps: Deps,
  { payment }: Pick<PaymentAggregate, "payment">,
  { kind, order: params }: PaymentCall,
  subjectId = payment.id,
): EffectOrder {
  const call = { aggregateId: payment.id, id: deps.newId(bucketOf(payment.id)), kind, subjectId, params };
  return call as EffectOrder; // the compiler forgets that this kind has these parameters
}
