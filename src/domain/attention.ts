/**
 * Every reason for which a person must look, whatever the contract. `byNote`: a person's note ends it, because looking is
 * all that is left to do. The others stand until the world mends them, or until what they name is done.
 */
export const attentionReasons = {
  /** Stripe refused the transfer to the expert, or the charge settled in another currency. */
  payout_failed: { byNote: true },
  /** A payout waits for something that time does not bring: it is released, lowered or taken back by an operator. */
  payout_held: { byNote: false },
  /** Money that the client is owed could not be returned. */
  refund_failed: { byNote: true },
  /** Stripe has no money of ours to return what the client is owed: a top-up or the next charge brings it. */
  refund_pending: { byNote: false },
  dispute_open: { byNote: false },
  dispute_lost: { byNote: true },
  /** Somebody returned money to the client in Stripe's dashboard. */
  refunded_at_stripe: { byNote: true },
  /** Somebody took an expert's transfer back there. */
  transfer_reversed_at_stripe: { byNote: true },
  /** The charge settled in another currency than ours. */
  settlement_currency: { byNote: true },
  /** A session was paid that is not the one we opened. */
  session_mismatch: { byNote: true },
  /** A refund failed after its order was paid again: money of two payments is here. */
  order_paid_twice: { byNote: false },
  /** Stripe would not return what was paid for a cancelled order. */
  cancelled_order_paid: { byNote: false },
  /** Stripe opens no accounts before the platform's owner has agreed to something; the note says to what. */
  platform_not_ready: { byNote: true },
  /** Stripe says that an account, a customer or a method does not exist any more. */
  account_gone: { byNote: true },
  customer_gone: { byNote: true },
  method_gone: { byNote: true },
  /** A call whose outcome nobody can learn: an operator says how it ended. */
  stripe_call_stuck: { byNote: false },
} as const satisfies Record<string, { byNote: boolean }>;

/**
 * What waits for a person and is written where it waits, in a state or a time of its own: no row says so. `byNote`: a note
 * ends it until the same happens again, because nothing else may ever do.
 */
export const foundReasons = {
  /** A payout has waited for more than a day, for something that time may bring. */
  payout_waiting: { byNote: false },
  /** An expert owes us what could not be taken back: only later payouts bring it, if there are any. */
  expert_owes: { byNote: true },
  /** Nobody knows for ten minutes what became of a call that a payment waits for. */
  payment_unknown: { byNote: false },
  /** Another call at Stripe has failed five times, or nobody knows for ten minutes what became of it. */
  stripe_call_failing: { byNote: false },
  /** An event of Stripe's was given up. */
  stripe_event_dead: { byNote: false },
  /** An endpoint failed for so long, or said to be gone, that it was switched off. */
  endpoint_disabled: { byNote: true },
  /** Messages that an endpoint never took. */
  deliveries_failed: { byNote: true },
  /** The same of the transfers contract's own messages, by application. */
  transfer_webhooks_failed: { byNote: true },
  /** The credits and debits of a day differ. */
  settlement_failed: { byNote: false },
  /** A list of Stripe's, or the days to settle, are read to a moment more than an hour ago. */
  cursor_behind: { byNote: false },
  /** The clock has not worked for five minutes. */
  sweep_stopped: { byNote: false },
} as const satisfies Record<string, { byNote: boolean }>;

export type FoundKind = keyof typeof foundReasons;

/** Everything that can wait for a person. */
export type WaitingKind = AttentionKind | FoundKind;

export type AttentionKind = keyof typeof attentionReasons;

/** The closed list, for schemas. */
export const attentionKinds = Object.keys(attentionReasons) as [AttentionKind, ...AttentionKind[]];

/** The kinds that a person's note ends. */
export const kindsEndedByNote = attentionKinds.filter((kind) => attentionReasons[kind].byNote);

/** The same for everything that can wait. */
export const waitingKinds = [...attentionKinds, ...Object.keys(foundReasons)] as [WaitingKind, ...WaitingKind[]];

/** Whether a person's note ends it. */
export function isEndedByNote(kind: WaitingKind): boolean {
  return { ...attentionReasons, ...foundReasons }[kind].byNote;
}

/** How long something may take before a person is called, in milliseconds. */
export const patienceMs = {
  payout: 24 * 60 * 60_000,
  call: 10 * 60_000,
  cursor: 60 * 60_000,
  sweep: 5 * 60_000,
} as const;

/** So many attempts mean that time alone does not heal it. */
export const attemptsMany = 5;

/** The kinds of things that a reason can be about. */
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
