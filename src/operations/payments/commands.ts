import type { ConnectedAccount } from "../../db/payments/connected-accounts";
import type { App, AppUser, Developer } from "../../db/payments/developers";
import type { Order } from "../../db/payments/orders";
import type { PaymentMethod } from "../../db/payments/payment-methods";
import type { PaymentView } from "../../db/payments/payment-views";
import type { OrderKey, PaymentRefund } from "../../db/payments/payments";
import type { AccountDetails } from "../../domain/account";
import type { MandateAcceptance } from "../../domain/payments/mandate";
import type { FollowUps, PaymentKey } from "../follow-ups";

/** A token of ours as it is stored: nobody behind the edge sees the token itself. */
interface NewToken {
  hash: string;
  prefix: string;
}

/** A shopper and an order, as the three headers and the request name them. */
export interface ShopperOrder extends OrderKey {
  userId: string;
}

export type { PaymentKey } from "../follow-ups";

/** All commands of the payments contract. */
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
  /** The use is recorded once an hour at most. */
  "note-token-use": { input: { hash: string }; output: null };
  "create-app": { input: { developerId: string; name: string }; output: App };
  "create-app-user": { input: { developerId: string; appId: string; externalId: string | null }; output: AppUser };

  // Connected accounts. Pages that open somebody's account are secrets: made for one answer and never stored.
  /** `id` is the new account's, or that of an account whose creation was never answered. */
  "open-connected-account": {
    input: { id: string; developerId: string; email: string; country: string };
    output: ConnectedAccount;
  };
  "create-onboarding-link": {
    input: { stripeId: string; returnUrl: string; refreshUrl: string };
    output: { url: string; expiresAtMs: number };
  };
  "create-login-link": { input: { stripeId: string }; output: { url: string } };
  /** Asks Stripe and returns the present state. Writes nothing. */
  "view-connected-account": {
    input: { account: ConnectedAccount };
    output: { account: ConnectedAccount; details: AccountDetails | null };
  };
  /** Asks Stripe and brings our row to the present state. */
  "check-connected-account": { input: FollowUps["check-connected-account"]; output: null };
  /** Resumes the pending Stripe call, if there is one. */
  "resume-connected-account": { input: FollowUps["resume-connected-account"]; output: null };
  "delete-connected-account": { input: { id: string; developerId: string }; output: null };

  // Orders and their payments. `accountId` is Stripe's everywhere.
  "put-order": {
    input: OrderKey & { accountId: string; amountMinor: number; currency: string; applicationFeeMinor: number };
    output: { order: Order; created: boolean };
  };
  "cancel-order": { input: OrderKey; output: Order };
  /** Undefined members come from the order's snapshot (src/guides/decisions.md#orders). */
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
      /** Absent if the caller did not say that the shopper allowed a debit. */
      mandate?: MandateAcceptance | undefined;
    };
    output: PaymentView;
  };
  "capture-payment": { input: PaymentKey & { amountMinor: number | undefined }; output: PaymentView };
  "cancel-payment": { input: FollowUps["cancel-payment"]; output: PaymentView };
  /** Refunds the order's payment that can be refunded; an authorization is released. */
  "refund-payment": { input: FollowUps["refund-payment"]; output: { payment: PaymentView; refund: PaymentRefund } };
  /** Resumes a Stripe call whose outcome is unknown. */
  "resume-payment": { input: FollowUps["resume-payment"]; output: null };
  /** Brings the payment to its present state at Stripe, at an event's or the clock's request. */
  "check-payment": { input: FollowUps["check-payment"]; output: null };

  // Payment methods (src/guides/decisions.md#payment-methods).
  "attach-payment-method": {
    input: {
      userId: string;
      developerId: string;
      appId: string;
      type: "card" | "token";
      givenId: string;
      preferred: boolean;
      /** Undefined for a method on the platform. */
      account: { id: string; stripeId: string } | undefined;
    };
    output: { method: PaymentMethod; created: boolean };
  };
  /** Resumes the pending Stripe calls, if there are any. */
  "resume-shopper": { input: FollowUps["resume-shopper"]; output: null };
  "prefer-payment-method": { input: { userId: string; id: string }; output: PaymentMethod };
  "remove-payment-method": { input: { userId: string; id: string }; output: null };
  /** Checks whether the customer on an account still exists; an empty id means the platform. */
  "check-customer": { input: FollowUps["check-customer"]; output: null };
  /** Brings the method to its present state at Stripe: the card may be renewed or the method detached. */
  "check-payment-method": { input: FollowUps["check-payment-method"]; output: null };
}
