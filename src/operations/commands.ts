import type { CheckoutInput } from "../db/offers/tables";
import type { Offer, Testimony } from "../db/offers/testimonies";
import type { ProfileChanges, RegisteredExpert, User } from "../db/offers/users";
import type { AttentionKind } from "../domain/attention";
import type { FollowUps } from "./follow-ups";
import type { PaymentCommands } from "./payments/commands";
import type { RestoreCommands } from "./restore/commands";

/** Inputs and outputs of the commands of offers and payments, for their operations. */
export interface Commands extends PaymentCommands, RestoreCommands {
  // Users. Passwords and tokens arrive hashed: an operation never sees a secret.
  "register-client": {
    input: { email: string; passwordHash: string; newsletterSubscribed: boolean; token: HashedToken };
    output: null;
  };
  "register-expert": {
    input: RegisteredExpert & { passwordHash: string; newsletterSubscribed: boolean; token: HashedToken };
    output: null;
  };
  "log-in": { input: { userId: string; token: HashedToken }; output: null };
  "log-out": { input: { tokenHash: string }; output: null };
  "update-profile": { input: { userId: string; changes: ProfileChanges }; output: User };

  // Testimonies and offers. `caller` is the user that the token belongs to, and becomes part of the answer.
  "create-testimony": {
    input: {
      caller: User;
      purpose: string;
      realEstate: Record<string, unknown>;
      region: string | null;
      notes: string | null;
    };
    output: { testimony: Testimony; client: User };
  };
  "create-offer": {
    input: { testimonyId: string; caller: User; priceMinor: number; deliveryDays: number; notes: string | null };
    output: { offer: Offer; expert: User };
  };
  "withdraw-offer": { input: { testimonyId: string; offerId: string; userId: string }; output: null };
  "cancel-testimony": {
    input: { testimonyId: string; userId: string; cancellationReason: string | null };
    output: null;
  };
  "complete-testimony": { input: { testimonyId: string; userId: string }; output: null };
  "start-checkout": {
    input: { testimonyId: string; offerId: string; userId: string; input: CheckoutInput };
    output: { url: string };
  };
  "accept-offer": { input: FollowUps["accept-offer"]; output: null };

  // Payouts, refunds and other money that follows.
  "advance-payout": { input: FollowUps["advance-payout"]; output: null };
  "check-refund": { input: FollowUps["check-refund"]; output: null };
  /** Refunds everything, or a part in minor units. */
  "refund-testimony": {
    input: {
      testimonyId: string;
      operator: string;
      reason: string;
      amountMinor?: number | undefined;
      /** The id of a refund that exists at Stripe and has lost its row: it is resumed, and no other is made. */
      forgottenRefundId?: string;
    };
    output: null;
  };
  "release-payout": {
    input: { testimonyId: string; operator: string; note: string; amountMinor?: number | undefined };
    output: null;
  };
  "retry-payout": { input: { testimonyId: string; operator: string }; output: null };
  "resolve-attention": {
    input: { testimonyId: string; operator: string; note: string; kind?: AttentionKind | undefined };
    output: null;
  };
  "record-dispute": { input: FollowUps["record-dispute"]; output: null };
  "record-reversal": { input: FollowUps["record-reversal"]; output: null };
  "record-refund-at-stripe": { input: FollowUps["record-refund-at-stripe"]; output: null };

  // The expert's connected account.
  "open-payout-account": { input: { caller: User }; output: { url: string } };
  "check-payout-account": { input: FollowUps["check-payout-account"]; output: null };
}

type CommandName = keyof Commands;
export type Input<N extends CommandName> = Commands[N]["input"];
export type Output<N extends CommandName> = Commands[N]["output"];

export interface HashedToken {
  hash: string;
  prefix: string;
  expiresAtMs: number;
}

export type { FollowUp as Command, Payer } from "./follow-ups";
