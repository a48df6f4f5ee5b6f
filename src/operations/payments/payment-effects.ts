import type { PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { bucketOf } from "../../domain/id";
import type { MandateAcceptance } from "../../domain/payments/mandate";
import {
  type ConnectedRefundFacts,
  type ConnectedRefundOrder,
  createConnectedRefund,
  listConnectedRefunds,
} from "../../stripe/connected-refunds";
import type { StripeOutcome } from "../../stripe/failure";
import {
  bindCustomer,
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  findIntent,
  type IntentFacts,
  type IntentKey,
  type IntentOrder,
  retrieveIntent,
} from "../../stripe/payment-intents";
import { cloneMethod } from "../../stripe/payment-methods";
import type { Deps } from "../deps";
import type { EffectKind, EffectOrder } from "../effects";
import { findOutcome } from "../find-outcome";

/** The part of a pending call's parameters that names the request which caused it. */
export interface OfRequest {
  requestKey: string | null;
}

export interface ConfirmOrder extends IntentKey, OfRequest {
  methodId: string;
  returnUrl: string | null;
  /** The way in which the shopper allowed a debit. Absent if the caller did not say. */
  mandate?: MandateAcceptance;
  /** The customer on the account that the method belongs to. */
  customerId: string | null;
  /** Set if the method is the platform's: it is cloned onto the account first. */
  platformCustomerId: string | null;
  /** Our id of the method, if the shopper has stored it. */
  storedId: string | null;
  /** The PaymentIntent before the call, by which we tell whether the call was made. */
  before: { status: string; chargeId: string | null; error: string | null };
}

export interface CaptureOrder extends IntentKey, OfRequest {
  amountMinor: number;
  /** Our part of the fee; null if none was agreed on. */
  applicationFeeMinor: number | null;
}

export type CancelOrder = IntentKey & OfRequest;

const params = <T>(effect: StripeEffect): T => effect.params as unknown as T; // the row was written in this form

export const createIntentEffect: EffectKind<IntentFacts> = {
  call: (deps, effect, key) => createIntent(deps.stripe, params<IntentOrder>(effect), key),
  find: (deps, effect) =>
    findOutcome(deps, effect, (start) => findIntent(deps.stripe, params<IntentOrder>(effect), start)),
};

export const confirmIntentEffect: EffectKind<IntentFacts> = {
  async call(deps, effect, key) {
    const order = params<ConfirmOrder>(effect);
    const method = await usableMethod(deps, order, key);
    if (!method.ok) return method;
    if (order.customerId !== null) {
      const bound = await bindCustomer(deps.stripe, order, order.customerId, `${key}.customer`);
      if (!bound.ok) return bound;
    }
    return confirmIntent(deps.stripe, order, { ...order, methodId: method.value }, key);
  },
  async find(deps, effect) {
    const { before, ...intent } = params<ConfirmOrder>(effect);
    const asked = await retrieveIntent(deps.stripe, intent);
    if (!asked.ok) return asked;
    const { status, charge, lastError } = asked.value;
    const isSame =
      status === before.status && (charge?.id ?? null) === before.chargeId && errorOf(lastError) === before.error;
    return { ok: true, value: isSame ? undefined : asked.value };
  },
};

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

export const captureIntentEffect: EffectKind<IntentFacts> = {
  call(deps, effect, key) {
    const order = params<CaptureOrder>(effect);
    return captureIntent(deps.stripe, order, order, key);
  },
  find: (deps, effect) => unlessStill("requires_capture", deps, params<CaptureOrder>(effect)),
};

export const cancelIntentEffect: EffectKind<IntentFacts> = {
  call: (deps, effect, key) => cancelIntent(deps.stripe, params<CancelOrder>(effect), key),
  async find(deps, effect) {
    const asked = await retrieveIntent(deps.stripe, params<CancelOrder>(effect));
    if (!asked.ok) return asked;
    const isOver = asked.value.status === "canceled" || asked.value.status === "succeeded";
    return { ok: true, value: isOver ? asked.value : undefined };
  },
};

export const createRefundEffect: EffectKind<ConnectedRefundFacts> = {
  call: (deps, effect, key) => createConnectedRefund(deps.stripe, params<ConnectedRefundOrder>(effect), key),
  async find(deps, effect) {
    const order = params<ConnectedRefundOrder>(effect);
    const listed = await listConnectedRefunds(deps.stripe, order);
    return listed.ok ? { ok: true, value: listed.value.find(({ refundId }) => refundId === order.refundId) } : listed;
  },
};

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

export type PaymentEffectKind =
  | "create-intent"
  | "confirm-intent"
  | "capture-intent"
  | "cancel-intent"
  | "create-payment-refund";

/** Makes the order for a pending call of a payment. */
export function orderFor(
  deps: Deps,
  { payment }: Pick<PaymentAggregate, "payment">,
  kind: PaymentEffectKind,
  order: object,
  subjectId = payment.id,
): EffectOrder {
  return { aggregateId: payment.id, id: deps.newId(bucketOf(payment.id)), kind, subjectId, params: order };
}
