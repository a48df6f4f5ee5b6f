import type { TestimonyAggregate } from "../db/offers/testimonies";
import type { OrderKey } from "../db/payments/payments";
import type { Known } from "../domain/known";
import type { MailKind } from "../domain/offers/mail";

/**
 * The inputs of all commands that operations cause: they enqueue them, or run them under another lock. Such a command
 * is named here, and its operation takes its input from here, because an operation cannot import the table of
 * operations (operations.ts), which imports it. The table is checked against this list.
 */
export interface FollowUps extends Recoveries {
  /** Requested by the client who paid, by Stripe's event or by the clock: one operation. */
  "accept-offer": { testimonyId: string; checkoutId: string; by: Payer } & Known<TestimonyAggregate>;
  /** Sends a payout, holds it, or resumes what is left to do: its state decides. */
  "advance-payout": { testimonyId: string; payoutId: string };
  "check-refund": { testimonyId: string; refundId: string };
  "record-dispute": { testimonyId: string; disputeId: string };
  "record-reversal": { testimonyId: string; payoutId: string };
  "record-refund-at-stripe": { testimonyId: string; checkoutId: string };
  "check-payout-account": { userId: string };
  /** The operations by which a user's deletion ends what is open. */
  "end-testimony": { testimonyId: string; userId: string };
  "withdraw-offer": { testimonyId: string; offerId: string; userId: string } & Known<TestimonyAggregate>;

  /** Mails a link to the owner of an e-mail, if there is one. */
  "request-mail": { kind: MailKind; email: string };
  /** Makes an attempt to send a mail that is due. */
  "send-mail": { userId: string; id: string };

  /** Resumes a Stripe call of a testimony or of an expert's account. */
  "resume-effect": { root: "testimony" | "account"; aggregateId: string; effectId: string };
  /** Resumes a Stripe call whose outcome is unknown. */
  "resume-payment": PaymentKey & { effectId: string };
  /** Resumes the pending Stripe calls, if there are any. */
  "resume-shopper": { userId: string };
  /** Resumes the pending Stripe call, if there is one. */
  "resume-connected-account": { id: string };

  /** Brings the payment to its present state at Stripe, at an event's or the clock's request. */
  "check-payment": PaymentKey & { about: "intent" | "refunds" | "disputes" | "everything" };
  "cancel-payment": PaymentKey & { reason: string | null };
  /** Refunds the order's payment that can be refunded; an authorization is released. */
  "refund-payment": OrderKey & {
    /** The payment to refund; undefined for the newest that can be refunded. */
    paymentId?: string;
    /** The user who requests it; undefined when we do, or an operator. */
    userId: string | undefined;
    operator?: string;
    accountId: string | undefined;
    amountMinor: number | undefined;
    /** The sum that was refunded when this was decided: if it has changed, this is refused. */
    seenMinor?: number | undefined;
    reason: string | null;
  };
  /** Checks whether the customer on an account still exists; an empty id means the platform. */
  "check-customer": { userId: string; stripeAccountId: string };
  /** Brings the method to its present state at Stripe: the card may be renewed or the method detached. */
  "check-payment-method": { userId: string; id: string };
  /** Asks Stripe and brings our row to the present state. */
  "check-connected-account": { id: string };

  /** A transfer that was resolved meanwhile stays as it is. */
  "expire-transfer": { reference: string };
  /** Without the batch of the currency `answered` nothing is done. */
  "settle-day": { day: string; answered?: string; by: TransferActor };

  "process-stripe-event": { eventId: string };
  /** `untilMs` is set on runs that another run caused: the time at which they must end. */
  sweep: { untilMs?: number };
  purge: Record<never, never>;
  "catch-up-platform": Record<never, never>;
  "book-stripe-fees": Record<never, never>;
}

/**
 * The inputs of the commands that recover one aggregate after a restore of the database
 * (src/guides/operate.md#restoring-the-database). Each returns what became of the object.
 */
export interface Recoveries {
  "recover-payout-account": { userId: string; stripeAccountId: string; operator: string };
  "recover-connected-account": { id: string; developerId: string; stripeAccountId: string; operator: string };
  "recover-checkout": {
    testimonyId: string;
    checkoutId: string;
    /** Stripe's id of the session; undefined if only the PaymentIntent that paid it is known. */
    sessionId: string | undefined;
    paymentIntentId: string | null;
    operator: string;
  };
  "recover-refunds": { testimonyId: string; operator: string };
  "recover-payout": { testimonyId: string; payoutId: string };
  "recover-payment": PaymentKey & {
    userId: string | undefined;
    stripeId: string;
    stripeAccountId: string;
    operator: string;
  };
}

/** A command that an operation causes. */
export type FollowUp<N extends keyof FollowUps = keyof FollowUps> = { [K in N]: { name: K; input: FollowUps[K] } }[N];

/**
 * The fate of one object at Stripe that was made in the lost time:
 * - `known`: the database has its row, and checked it as usual.
 * - `linked`: an account whose row was lost belongs to its owner again.
 * - `rebuilt`: a checkout, a payment or a refund whose row was lost has one again.
 * - `returned`: its offer is lost, so the client got the money back.
 * - `unpaid`: its offer is lost, but nobody had paid.
 * - `pending`: its offer is lost, and a bank still decides whether it pays. Stripe's event about that returns the money.
 * - `open`: Stripe did not say what became of it, so it must be searched again.
 * - `taken`: another object has its place by now, so it was left as it is.
 * - `nobody`: whoever it belongs to is lost as well, or Stripe refused to return the money.
 */
export type Recovered =
  | "known"
  | "linked"
  | "rebuilt"
  | "returned"
  | "unpaid"
  | "pending"
  | "open"
  | "taken"
  | "nobody";

/** The party that reports a session as paid. Only the client is checked against the session's owner. */
export type Payer = { actor: "client"; userId: string } | { actor: "stripe" } | { actor: "clock" };

/** The actor: an application by its token, the operator by name, or the clock. */
export type TransferActor = { application: string } | { operator: string; note?: string } | "clock";

/** The key of one payment of an order. */
export interface PaymentKey extends OrderKey {
  paymentId: string;
}
