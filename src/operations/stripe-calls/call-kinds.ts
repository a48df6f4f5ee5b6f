import type { OrderKey } from "../../db/payments";

/** Under whose lock each kind of call at Stripe is made. */
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

/** One call, and what its lock is named by: a payment is locked by its order. */
export interface CallKey {
  aggregateId: string;
  effectId: string;
  kind: string;
  order: OrderKey | null;
}

export function isCallKind(kind: string): kind is CallKind {
  return Object.hasOwn(roots, kind);
}

/** The lock that a call is made under. */
export function lockOfCall({ aggregateId, kind, order }: CallKey): string {
  if (order) return `payment:${order.developerId}:${order.appId}:${order.orderId}`;
  return `${isCallKind(kind) ? roots[kind] : "call"}:${aggregateId}`;
}
