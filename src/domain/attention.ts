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
  /** Stripe says that an account, a customer or a method does not exist any more. */
  account_gone: { byNote: true },
  customer_gone: { byNote: true },
  method_gone: { byNote: true },
  /** A call whose outcome nobody can learn: an operator says how it ended. */
  stripe_call_stuck: { byNote: false },
} as const satisfies Record<string, { byNote: boolean }>;

export type AttentionKind = keyof typeof attentionReasons;

/** The closed list, for schemas. */
export const attentionKinds = Object.keys(attentionReasons) as [AttentionKind, ...AttentionKind[]];

/** The kinds that a person's note ends. */
export const kindsEndedByNote = attentionKinds.filter((kind) => attentionReasons[kind].byNote);

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
  "method",
  "stripe_call",
] as const;

export type AttentionSubject = (typeof attentionSubjects)[number];
