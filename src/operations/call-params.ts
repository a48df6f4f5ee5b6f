import type { StripeEffect } from "../db/stripe-effects";
import type { AccountState } from "../domain/account";
import type { MandateAcceptance } from "../domain/payments/mandate";
import type { CallKind } from "../domain/stripe-call";
import type { AccountOrder } from "../stripe/accounts";
import type { SessionOrder } from "../stripe/checkout";
import type { ConnectedAccountOrder } from "../stripe/connected-accounts";
import type { ConnectedRefundOrder } from "../stripe/connected-refunds";
import type { CustomerOrder } from "../stripe/customers";
import type { IntentKey, IntentOrder } from "../stripe/payment-intents";
import type { MethodKey } from "../stripe/payment-methods";
import type { RefundOrder } from "../stripe/refunds";
import type { TransferOrder } from "../stripe/transfers";

/**
 * The parameters of each kind of Stripe call, as they stand in its row: what is sent, and what is needed to find and to
 * settle the call.
 */
export interface CallParams {
  "create-session": SessionOrder;
  "expire-session": { sessionId: string };
  "create-refund": RefundOrder;
  "create-transfer": TransferOrder;
  "reverse-transfer": ReversalOrder;
  "create-account": AccountOrder;
  "create-connected-account": ConnectedAccountOrder;
  "delete-connected-account": DeletionOrder;
  "create-customer": CustomerOrder & MethodRequest;
  "exchange-token": MethodRequest & { token: string; stripeAccountId: string };
  "attach-method": MethodRequest & MethodKey & { customerId: string };
  "detach-method": MethodKey;
  "create-intent": IntentOrder;
  "confirm-intent": ConfirmOrder;
  "capture-intent": CaptureOrder;
  "cancel-intent": CancelOrder;
  "create-payment-refund": ConnectedRefundOrder;
}

/**
 * Returns the parameters of a pending call, whose row `reserveCall` has written in this form. Throws if the call is of
 * none of these kinds.
 */
export function paramsOf<K extends CallKind>(effect: Pick<StripeEffect, "kind" | "params">, ...kinds: K[]) {
  if (!kinds.some((kind) => kind === effect.kind)) throw new Error(`a ${effect.kind} is none of ${kinds}`);
  return effect.params as CallParams[K];
}

/**
 * A reversal to be made at Stripe. `isLast` means that the whole payout is taken back, and the client's refund waits
 * for it.
 */
export interface ReversalOrder {
  transferId: string;
  amountMinor: number;
  payoutId: string;
  isLast: boolean;
  /** The request that asked for the refund that follows, and the id that the refund had if its row was lost. */
  refund?: { requestKey?: string | undefined; refundId?: string | undefined };
}

/** The deletion of an account, and the account's state before. */
export interface DeletionOrder {
  stripeId: string;
  from: AccountState;
}

/** The shopper's request beside the method itself, which travels with the method's calls. */
interface MethodRequest {
  preferred: boolean;
}

/** The part of a payment's call that names the request which caused it. */
interface OfRequest {
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
