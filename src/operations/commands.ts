import type { Offer, Testimony } from "../db/offers/testimonies";
import type { ProfileChanges, RegisteredExpert, User } from "../db/offers/users";
import type { CheckoutInput } from "../db/schema";
import type { WebhookEndpoint } from "../db/webhooks/endpoints";
import type { AttentionKind, WaitingKind } from "../domain/attention";
import type { AccountsReconciliation, Reconciliation } from "./operator/compare-lines";
import type { CallKey } from "./operator/stripe-calls/call-kinds";
import type { PaymentCommands } from "./payments/commands";
import type { RestoreCommands } from "./restore/commands";
import type { TransferCommands } from "./transfers/commands";

/**
 * All commands with their inputs and outputs, as plain data. They run through `perform` only; the registry
 * (registry.ts) names the lock key of each, if it has one.
 */
export interface Commands extends PaymentCommands, RestoreCommands, TransferCommands {
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
  /** Requested by the client who paid, by Stripe's event or by the clock: one operation. */
  "accept-offer": { input: { testimonyId: string; checkoutId: string; by: Payer }; output: null };

  // Payouts, refunds and other money that follows.
  /** Sends a payout, holds it, or resumes what is left to do: its state decides. */
  "advance-payout": { input: { testimonyId: string; payoutId: string }; output: null };
  "resume-effect": { input: { root: EffectRoot; aggregateId: string; effectId: string }; output: null };
  /** `objectId` names the object that the call made; undefined means that it made none. */
  "settle-stripe-call": {
    input: CallKey & { objectId: string | undefined; operator: string; note: string };
    output: { state: "done" | "refused"; objectId: string | null };
  };
  "check-refund": { input: { testimonyId: string; refundId: string }; output: null };
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
  "close-attention": {
    input: { kind: WaitingKind; aggregateId: string; aboutId: string; operator: string; note: string };
    output: null;
  };
  "resolve-attention": {
    input: { testimonyId: string; operator: string; note: string; kind?: AttentionKind | undefined };
    output: null;
  };
  "record-dispute": { input: { testimonyId: string; disputeId: string }; output: null };
  "record-reversal": { input: { testimonyId: string; payoutId: string }; output: null };
  "record-refund-at-stripe": { input: { testimonyId: string; checkoutId: string }; output: null };

  // The expert's connected account.
  "open-payout-account": { input: { caller: User }; output: { url: string } };
  "check-payout-account": { input: { userId: string }; output: null };

  // Webhook endpoints. Secrets arrive sealed. `actor` is the caller, for the journal.
  "create-webhook-endpoint": {
    input: Pick<
      WebhookEndpoint,
      "id" | "owner" | "wire" | "url" | "description" | "events" | "metadata" | "enabled"
    > & { actor: string; secret: string };
    output: WebhookEndpoint;
  };
  "update-webhook-endpoint": {
    input: OwnedEndpoint & {
      changes: Partial<Pick<WebhookEndpoint, "url" | "description" | "events" | "metadata" | "enabled">>;
    };
    output: WebhookEndpoint;
  };
  "delete-webhook-endpoint": { input: OwnedEndpoint; output: null };
  "rotate-webhook-secret": { input: OwnedEndpoint & { secret: string; overlapMs: number }; output: WebhookEndpoint };
  "test-webhook-endpoint": { input: OwnedEndpoint; output: { eventId: string } };
  "resend-webhook-delivery": { input: { owner: string; endpointId: string; eventId: string }; output: null };
  "recover-webhook-deliveries": {
    input: { owner: string; id: string; sinceMs: number };
    output: { recovered: number; hasMore: boolean };
  };
  "erase-webhook-event": { input: { owner: string; endpointId: string; eventId: string }; output: null };

  // Stripe's events and the clock.
  "record-stripe-event": { input: { event: ReceivedEvent }; output: null };
  "process-stripe-event": { input: { eventId: string }; output: null };
  "close-stripe-event": { input: { eventId: string; operator: string; note: string }; output: null };
  "replay-stripe-event": { input: { eventId: string; operator: string }; output: null };
  /** Requested by the clock: books Stripe's own bills, which no event announces. */
  "book-stripe-fees": { input: Record<never, never>; output: { booked: number } };
  /** States, once, what Stripe held before Accord. */
  "open-books": {
    input: { operator: string; note: string; beforeMs: number };
    output: { balances: { currency: string; amountMinor: number }[]; lines: number };
  };
  /** Only reads: compares our ledger with Stripe's. */
  reconcile: { input: Record<never, never>; output: Reconciliation };
  /** Compares the same for connected accounts, a page at a time. */
  "reconcile-accounts": { input: { after: string | undefined }; output: AccountsReconciliation };
  /** `untilMs` is set on runs that another run caused: the time at which they must end. */
  sweep: { input: { untilMs?: number }; output: { found: number } };
  /** Requested by the clock: publishes to the operator what waits for a person, and what does not wait any more. */
  "publish-attention": { input: Record<never, never>; output: { opened: number; ended: number } };
  /** Requested by the clock: deletes rows that are kept for a while only. */
  purge: { input: Record<never, never>; output: null };
  /** Requested by the clock: finds events of the platform that never arrived. */
  "catch-up-platform": { input: Record<never, never>; output: null };
}

export interface OwnedEndpoint {
  owner: string;
  actor: string;
  id: string;
}

/** The kind of aggregate under whose lock a Stripe call is made: a testimony or an expert's account. */
export type EffectRoot = "testimony" | "account";

export type CommandName = keyof Commands;
export type Input<N extends CommandName> = Commands[N]["input"];
export type Output<N extends CommandName> = Commands[N]["output"];
/** A command as it travels to the sequencer. */
export type Command<N extends CommandName = CommandName> = { [K in N]: { name: K; input: Input<K> } }[N];

export interface HashedToken {
  hash: string;
  prefix: string;
  expiresAtMs: number;
}

/** The party that reports a session as paid. Only the client is checked against the session's owner. */
export type Payer = { actor: "client"; userId: string } | { actor: "stripe" } | { actor: "clock" };

/** A verified event as it is stored. */
export interface ReceivedEvent {
  id: string;
  account: string | null;
  type: string;
  objectId: string;
  payload: string;
  createdAtMs: number;
}

/** The caller, the request and the idempotency key of a command. */
export interface Origin {
  requestId: string;
  /** The scope of the key: the caller's own id. */
  caller?: string;
  idempotency?: {
    key: string;
    fingerprint: string;
    /** The ids in the path: one key may serve two targets. Ids in the body are part of the request. */
    target: readonly string[];
  };
}
