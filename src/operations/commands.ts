import type { CheckoutInput } from "../db/schema";
import type { Offer, Testimony } from "../db/testimonies";
import type { ProfileChanges, RegisteredExpert, User } from "../db/users";
import type { WebhookEndpoint } from "../db/webhook-endpoints";
import type { AttentionKind, WaitingKind } from "../domain/attention";
import type { PaymentCommands } from "./payment-commands";
import type { Reconciliation } from "./reconcile";
import type { AccountsReconciliation } from "./reconcile-accounts";
import type { CallKey } from "./stripe-calls/call-kinds";
import type { TransferCommands } from "./transfer-commands";

/**
 * Every changing verb: what it takes and what it answers, as plain data. `perform` is the only door to them; the
 * registry (registry.ts) names each one's key, or none.
 */
export interface Commands extends PaymentCommands, TransferCommands {
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

  // Testimonies and offers. `caller` is the user as the token showed it; it becomes part of the answer.
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
  /** By the client who paid, by Stripe's event, or by the clock: one operation. */
  "accept-offer": { input: { testimonyId: string; checkoutId: string; by: Payer }; output: null };

  // The money that follows.
  /** Sends it, waits with it, or takes up what is left of it: whatever its state asks for. */
  "advance-payout": { input: { testimonyId: string; payoutId: string }; output: null };
  "resume-effect": { input: { root: EffectRoot; aggregateId: string; effectId: string }; output: null };
  /** `objectId`: what it has made; undefined: nothing. */
  "settle-stripe-call": {
    input: CallKey & { objectId: string | undefined; operator: string; note: string };
    output: { state: "done" | "refused"; objectId: string | null };
  };
  "check-refund": { input: { testimonyId: string; refundId: string }; output: null };
  /** All of it, or a part in minor units. */
  "refund-testimony": {
    input: { testimonyId: string; operator: string; reason: string; amountMinor?: number | undefined };
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

  // Who is told. Secrets arrive sealed. `actor` is who asks, for the journal.
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
  /** By the clock: Stripe's own bills, which no event announces. */
  "book-stripe-fees": { input: Record<never, never>; output: { booked: number } };
  /** Once: what Stripe held before Accord. */
  "open-books": {
    input: { operator: string; note: string; beforeMs: number };
    output: { balances: { currency: string; amountMinor: number }[]; lines: number };
  };
  /** Reads only: our books beside Stripe's. */
  reconcile: { input: Record<never, never>; output: Reconciliation };
  /** The same for connected accounts, a page at a time. */
  "reconcile-accounts": { input: { after: string | undefined }; output: AccountsReconciliation };
  /** `untilMs` is given to the runs that a run causes: when they are to end. */
  sweep: { input: { untilMs?: number }; output: { found: number } };
  /** By the clock: tells the operator what waits for a person, and what does no more. */
  "tell-attention": { input: Record<never, never>; output: { opened: number; ended: number } };
  /** By the clock: forgets what is kept for a while only. */
  purge: { input: Record<never, never>; output: null };
  /** By the clock: finds events of the platform that never arrived. */
  "catch-up-platform": { input: Record<never, never>; output: null };
}

export interface OwnedEndpoint {
  owner: string;
  actor: string;
  id: string;
}

/** Under whose lock a call at Stripe is made: a testimony's, or that of an expert's account. */
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

/** Who says that a session was paid. Only the client is checked against the session's owner. */
export type Payer = { actor: "client"; userId: string } | { actor: "stripe" } | { actor: "clock" };

/** A verified event, as it is stored. */
export interface ReceivedEvent {
  id: string;
  account: string | null;
  type: string;
  objectId: string;
  payload: string;
  createdAtMs: number;
}

/** Who asks, in which request, and under which idempotency key. */
export interface Origin {
  requestId: string;
  /** Scope of the key: the caller's own id. */
  caller?: string;
  idempotency?: {
    key: string;
    fingerprint: string;
    /** The ids that the path names: one key may serve two targets. What only the body names is part of the request. */
    target: readonly string[];
  };
}
