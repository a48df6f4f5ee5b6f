import type { Actor, Machine } from "../machine";

/**
 * The states of one PaymentIntent, in Stripe's words where Stripe has one. `creating`: our row exists, Stripe has not
 * answered yet. `expired`: the authorization ended before it was captured. `failed`: Stripe refused to make it, or its
 * account is gone.
 */
export const paymentStates = [
  "creating",
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
  "processing",
  "requires_capture",
  "succeeded",
  "canceled",
  "expired",
  "failed",
] as const;
export type PaymentState = (typeof paymentStates)[number];

/** The states in which each request is allowed. Stripe decides which state follows. */
export const paymentRequests = {
  confirm: ["requires_payment_method", "requires_confirmation", "requires_action"],
  capture: ["requires_capture"],
  cancel: ["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"],
  refund: ["succeeded"],
  release: ["requires_capture"],
} as const satisfies Record<string, readonly PaymentState[]>;

/** Tells whether a payment in this state allows a request. */
export function mayAsk(request: keyof typeof paymentRequests, state: PaymentState): boolean {
  return (paymentRequests[request] as readonly PaymentState[]).includes(state);
}

export type PaymentTransition =
  | "await-method"
  | "await-confirmation"
  | "await-action"
  | "process"
  | "authorize"
  | "succeed"
  | "cancel"
  | "expire"
  | "refuse"
  | "lose";

const anybody: Actor[] = ["developer", "stripe", "clock", "operator"];
const unpaid: PaymentState[] = [
  "creating",
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
  "processing",
];

/**
 * The transitions of a payment, which follow what Stripe reports. Final states stay final: an answer that Stripe
 * repeats for an idempotency key is older than what we know.
 */
export const paymentMachine = {
  "await-method": { actors: anybody, from: unpaid, to: "requires_payment_method", effects: [] },
  "await-confirmation": { actors: anybody, from: unpaid, to: "requires_confirmation", effects: [] },
  "await-action": { actors: anybody, from: unpaid, to: "requires_action", effects: [] },
  process: { actors: anybody, from: unpaid, to: "processing", effects: [] },
  authorize: { actors: anybody, from: unpaid, to: "requires_capture", effects: [] },
  succeed: { actors: anybody, from: [...unpaid, "requires_capture"], to: "succeeded", effects: [] },
  cancel: { actors: anybody, from: [...unpaid, "requires_capture"], to: "canceled", effects: [] },
  expire: { actors: anybody, from: ["requires_capture"], to: "expired", effects: [] },
  refuse: { actors: anybody, from: ["creating"], to: "failed", effects: [] },
  // The account is gone: nobody can pay, capture or see this payment any more.
  lose: { actors: anybody, from: [...unpaid, "requires_capture"], to: "failed", effects: [] },
} as const satisfies Machine<PaymentTransition, PaymentState, Actor, never>;

/**
 * Returns the transition that brings a payment to the status at Stripe. Returns undefined for a status that we do not
 * know.
 */
export function transitionTo(status: string, cancellationReason: string | null, from: PaymentState) {
  if (status === "canceled" && from === "requires_capture" && isExpiry(cancellationReason)) return "expire";
  return transitionsByStatus[status];
}

/**
 * Tells whether Stripe ended an authorization by itself, because nobody captured it in time. Stripe says `expired`
 * since 2025-03-31.basil and said `automatic` before.
 * https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow
 */
function isExpiry(cancellationReason: string | null): boolean {
  return cancellationReason === "expired" || cancellationReason === "automatic";
}

const transitionsByStatus: Partial<Record<string, PaymentTransition>> = {
  requires_payment_method: "await-method",
  requires_confirmation: "await-confirmation",
  requires_action: "await-action",
  processing: "process",
  requires_capture: "authorize",
  succeeded: "succeed",
  canceled: "cancel",
};

/** The part of a refund or a dispute that concerns a payment's money. */
interface MoneyBack {
  kind?: string;
  state: string;
  amountMinor: number;
}

/** The code of a payment's last error when its account is gone at Stripe. */
export const accountGone = "account_gone";

/**
 * Tells whether a payment ended because its account is gone. If the account comes back, the payment follows Stripe
 * again.
 */
export function isLost({ state, lastError }: { state: PaymentState; lastError: { code: string } | null }): boolean {
  return state === "failed" && lastError?.code === accountGone;
}

/** Tells whether nobody can pay or capture a payment any more. */
export function isFinal(state: PaymentState): boolean {
  return ["succeeded", "canceled", "expired", "failed"].includes(state);
}

/** The refunds and disputes that may have taken a payment's money away again. */
export interface TakenBack {
  refunds: readonly MoneyBack[];
  disputes: readonly MoneyBack[];
}

/**
 * Tells whether a payment counts for its order: it may still bring money, or its money is or may still be here. A
 * refund that is requested or pending has returned nothing yet, and a failed one never did; an open dispute may be won.
 * So a payment that stopped counting counts again when its refund fails after all.
 */
export function isLive(
  { state, capturedMinor }: { state: PaymentState; capturedMinor: number },
  { refunds, disputes }: TakenBack,
): boolean {
  if (state !== "succeeded") return !isFinal(state);
  const returned = refunds.filter((one) => one.kind !== "release" && one.state === "succeeded");
  return sumOf(returned) + lostMinor(disputes) < capturedMinor;
}

/** Sums what lost disputes have taken for good, in minor units. */
export function lostMinor(disputes: readonly MoneyBack[]): number {
  return sumOf(disputes.filter(({ state }) => state === "lost"));
}

function sumOf(parts: readonly MoneyBack[]): number {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
