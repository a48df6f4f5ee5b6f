/**
 * The states of a refund, of whichever product. `claimed`: our row exists, Stripe has not answered yet. `pending`:
 * Stripe waits for a bank or for funds.
 */
export const refundStates = ["claimed", "pending", "succeeded", "failed"] as const;

/** The states of a dispute. */
export const disputeStates = ["open", "won", "lost"] as const;
