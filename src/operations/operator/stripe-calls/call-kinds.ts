import type { OrderKey } from "../../../db/payments/payments";

/** The aggregate under whose lock each kind of Stripe call is made. */
const roots = {
  "create-session": "testimony",
  "expire-session": "testimony",
  "create-refund": "testimony",
  "create-transfer": "testimony",
  "reverse-transfer": "testimony",
  "create-account": "account",
  "create-connected-account": "account",
  "delete-connected-account": "account",
  "create-customer": "shopper",
  "exchange-token": "shopper",
  "attach-method": "shopper",
  "detach-method": "shopper",
  "create-intent": "payment",
  "confirm-intent": "payment",
  "capture-intent": "payment",
  "cancel-intent": "payment",
  "create-payment-refund": "payment",
} as const;

export type CallKind = keyof typeof roots;

/** A Stripe call, with what names its lock: a payment is locked by its order. */
export interface CallKey {
  aggregateId: string;
  effectId: string;
  kind: string;
  order: OrderKey | null;
}

export function isCallKind(kind: string): kind is CallKind {
  return Object.hasOwn(roots, kind);
}

/** Returns the lock key under which a call is made. */
export function lockOfCall({ aggregateId, kind, order }: CallKey): string {
  if (order) return `payment:${order.developerId}:${order.appId}:${order.orderId}`;
  return `${isCallKind(kind) ? roots[kind] : "call"}:${aggregateId}`;
}
