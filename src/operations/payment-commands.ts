import type { ConnectedAccount } from "../db/connected-accounts";
import type { App, AppUser, Developer } from "../db/developers";
import type { Order } from "../db/orders";
import type { PaymentMethod } from "../db/payment-methods";
import type { PaymentView } from "../db/payment-views";
import type { OrderKey, PaymentRefund } from "../db/payments";
import type { AccountDetails } from "../domain/account";
import type { MandateAcceptance } from "../domain/mandate";

/** A token of ours as it is stored: nobody behind the edge sees the token itself. */
interface NewToken {
  hash: string;
  prefix: string;
}

/** A shopper and an order, as the three headers and the request name them. */
export interface ShopperOrder extends OrderKey {
  userId: string;
}

/** One payment of an order. */
export interface PaymentKey extends OrderKey {
  paymentId: string;
}

/** Every changing verb of the payments contract. */
export interface PaymentCommands {
  // Developers, apps and shoppers (src/guides/decisions.md#developers).
  "create-developer": {
    input: { name: string; email: string; token: NewToken; operator: string };
    output: Developer;
  };
  /** The other tokens end after the overlap. */
  "rotate-developer-token": {
    input: { developerId: string; token: NewToken; overlapMs: number; operator: string };
    output: Developer;
  };
  "revoke-developer-token": { input: { developerId: string; prefix: string; operator: string }; output: null };
  /** Noted once an hour at most. */
  "note-token-use": { input: { hash: string }; output: null };
  "create-app": { input: { developerId: string; name: string }; output: App };
  "create-app-user": { input: { developerId: string; appId: string; externalId: string | null }; output: AppUser };

  // Connected accounts. Pages that open somebody's account are secrets: made for one answer, remembered nowhere.
  /** `id` is the new account's, or that of one whose creation was never answered. */
  "open-connected-account": {
    input: { id: string; developerId: string; email: string; country: string };
    output: ConnectedAccount;
  };
  "create-onboarding-link": {
    input: { stripeId: string; returnUrl: string; refreshUrl: string };
    output: { url: string; expiresAtMs: number };
  };
  "create-login-link": { input: { stripeId: string }; output: { url: string } };
  /** Asks Stripe, and answers what it says now. Writes nothing. */
  "view-connected-account": {
    input: { account: ConnectedAccount };
    output: { account: ConnectedAccount; details: AccountDetails | null };
  };
  /** Asks Stripe, and follows what it says now. */
  "check-connected-account": { input: { id: string }; output: null };
  /** Takes up whatever call at Stripe is open. */
  "resume-connected-account": { input: { id: string }; output: null };
  "delete-connected-account": { input: { id: string; developerId: string }; output: null };

  // Orders and their payments. `accountId` is Stripe's everywhere.
  "put-order": {
    input: OrderKey & { accountId: string; amountMinor: number; currency: string; applicationFeeMinor: number };
    output: { order: Order; created: boolean };
  };
  "cancel-order": { input: OrderKey; output: Order };
  /** What is undefined comes from the order's snapshot (src/guides/decisions.md#orders). */
  "create-payment": {
    input: ShopperOrder & {
      accountId: string | undefined;
      amountMinor: number | undefined;
      currency: string | undefined;
      captureMethod: "automatic" | "manual" | undefined;
    };
    output: { payment: PaymentView; created: boolean };
  };
  "confirm-payment": {
    input: PaymentKey & {
      userId: string;
      /** Stripe's id of the method. */
      methodId: string;
      returnUrl: string | undefined;
      /** Absent where nobody said that the shopper allowed a debit. */
      mandate?: MandateAcceptance | undefined;
    };
    output: PaymentView;
  };
  "capture-payment": { input: PaymentKey & { amountMinor: number | undefined }; output: PaymentView };
  "cancel-payment": { input: PaymentKey & { reason: string | null }; output: PaymentView };
  /** Of the order's payment that can be refunded; an authorisation is released. */
  "refund-payment": {
    input: OrderKey & {
      /** Which of the order's payments; undefined: the newest that can be refunded. */
      paymentId?: string;
      /** Whose request it is; undefined when it is ours. */
      userId: string | undefined;
      accountId: string | undefined;
      amountMinor: number | undefined;
      reason: string | null;
    };
    output: { payment: PaymentView; refund: PaymentRefund };
  };
  /** Takes up a call at Stripe whose outcome is open. */
  "resume-payment": { input: PaymentKey & { effectId: string }; output: null };
  /** Follows what Stripe says now, whoever called us: an event, or the clock. */
  "check-payment": { input: PaymentKey & { about: "intent" | "refunds" | "disputes" | "everything" }; output: null };

  // Payment methods (src/guides/decisions.md#payment-methods).
  "attach-payment-method": {
    input: {
      userId: string;
      developerId: string;
      appId: string;
      type: "card" | "token";
      givenId: string;
      preferred: boolean;
      /** Undefined: on the platform. */
      account: { id: string; stripeId: string } | undefined;
    };
    output: { method: PaymentMethod; created: boolean };
  };
  /** Takes up whatever call at Stripe is open. */
  "resume-shopper": { input: { userId: string }; output: null };
  "prefer-payment-method": { input: { userId: string; id: string }; output: PaymentMethod };
  "remove-payment-method": { input: { userId: string; id: string }; output: null };
  /** Asks whether the customer on an account, empty for the platform, is still there. */
  "check-customer": { input: { userId: string; stripeAccountId: string }; output: null };
  /** Follows what Stripe says now: the card was renewed, or the method taken off. */
  "check-payment-method": { input: { userId: string; id: string }; output: null };
}
