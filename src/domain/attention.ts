import { dayMs, hourMs, minuteMs } from "./time";
/**
 * All reasons recorded in a row of their own for which a person must look, whatever the contract. `byNote` means that a
 * person's note closes the item, because looking is all that is left to do. The others stay open until the cause is
 * gone.
 */
export const attentionReasons = {
  /** Stripe refused the transfer to the expert, or the charge settled in another currency. */
  payout_failed: { byNote: true },
  /**
   * A payout waits for something that time alone does not bring: an operator releases it, lowers it or takes it back.
   */
  payout_held: { byNote: false },
  /** Money that the client is owed could not be returned. */
  refund_failed: { byNote: true },
  /** Our balance at Stripe is too small to return what the client is owed: a top-up or the next charge mends it. */
  refund_pending: { byNote: false },
  dispute_open: { byNote: false },
  dispute_lost: { byNote: true },
  /** Somebody returned money to the client in Stripe's dashboard. */
  refunded_at_stripe: { byNote: true },
  /** Somebody reversed an expert's transfer in Stripe's dashboard. */
  transfer_reversed_at_stripe: { byNote: true },
  /** The charge settled in another currency than the offer's. */
  settlement_currency: { byNote: true },
  /** A session was paid that is not the one we opened for the offer. */
  session_mismatch: { byNote: true },
  /** A refund failed after its order was paid again, so we hold the money of two payments. */
  order_paid_twice: { byNote: false },
  /** Stripe refused to return what was paid for a cancelled order. */
  cancelled_order_paid: { byNote: false },
  /** Stripe opens no accounts before the platform's owner has agreed to something, which the note names. */
  platform_not_ready: { byNote: true },
  /** Stripe says that an account, a customer or a payment method no longer exists. */
  account_gone: { byNote: true },
  /** An expert was deleted here; the account at Stripe is still there. */
  account_left_open: { byNote: true },
  customer_gone: { byNote: true },
  method_gone: { byNote: true },
  /** Nobody can learn the outcome of a Stripe call: an operator says how it ended. */
  stripe_call_stuck: { byNote: false },
} as const satisfies Record<string, { byNote: boolean }>;

/**
 * Reasons for attention that are found by a query, because a state or a time in the rows concerned already records
 * them. `byNote` means that a person's note closes the item until the same happens again.
 */
export const foundReasons = {
  /** A payout has waited for more than a day for something that time may bring. */
  payout_waiting: { byNote: false },
  /** An expert owes us an amount that could not be taken back: only later payouts bring it, if there are any. */
  expert_owes: { byNote: true },
  /** The outcome of a Stripe call that a payment waits for has been unknown for ten minutes. */
  payment_unknown: { byNote: false },
  /** Another Stripe call has failed five times, or its outcome has been unknown for ten minutes. */
  stripe_call_failing: { byNote: false },
  /** We gave up processing an event of Stripe's. */
  stripe_event_dead: { byNote: false },
  /** An endpoint was switched off, because it failed for too long or said that it is gone. */
  endpoint_disabled: { byNote: true },
  /** Deliveries failed for good at an endpoint. */
  deliveries_failed: { byNote: true },
  /** Deliveries of the transfers contract's own messages failed for good, by application. */
  transfer_webhooks_failed: { byNote: true },
  /** The credits and debits of a day differ. */
  settlement_failed: { byNote: false },
  /** A list of Stripe's, or the days to settle, has not been read any further for more than an hour. */
  cursor_behind: { byNote: false },
  /** The sweep has not run for five minutes. */
  sweep_stopped: { byNote: false },
} as const satisfies Record<string, { byNote: boolean }>;

export type FoundKind = keyof typeof foundReasons;

/** All reasons for attention of either kind. */
export type WaitingKind = AttentionKind | FoundKind;

export type AttentionKind = keyof typeof attentionReasons;

/** All recorded reasons, for schemas. */
export const attentionKinds = Object.keys(attentionReasons) as [AttentionKind, ...AttentionKind[]];

/** The recorded reasons that a person's note closes. */
export const kindsEndedByNote = attentionKinds.filter((kind) => attentionReasons[kind].byNote);

/** All reasons for attention of either kind, for schemas. */
export const waitingKinds = [...attentionKinds, ...Object.keys(foundReasons)] as [WaitingKind, ...WaitingKind[]];

/** Tells whether a person's note closes an item of this kind. */
export function isEndedByNote(kind: WaitingKind): boolean {
  return { ...attentionReasons, ...foundReasons }[kind].byNote;
}

/** How long something may take before it needs a person's attention, in milliseconds. */
export const patienceMs = {
  payout: dayMs,
  call: 10 * minuteMs,
  cursor: hourMs,
  sweep: 5 * minuteMs,
} as const;

/** After this many failed attempts we assume that time alone does not help. */
export const attemptsMany = 5;

/** The kinds of objects that a reason can be about. */
export const attentionSubjects = [
  "checkout",
  "payout",
  "refund",
  "dispute",
  "reversal",
  "payment",
  "account",
  "customer",
  "debt",
  "method",
  "stripe_call",
  "stripe_event",
  "endpoint",
  "application",
  "settlement",
  "cursor",
] as const;

export type AttentionSubject = (typeof attentionSubjects)[number];

/** Whether the sweep's last run ended too long ago; one that has never run yet may be about to begin. */
export function isSweepLate(endedAtMs: number | null | undefined, nowMs: number): boolean {
  return typeof endedAtMs === "number" && nowMs - endedAtMs > patienceMs.sweep;
}
