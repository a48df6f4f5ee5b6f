import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { type Moved, movedBy } from "./moved";

export interface DisputeFacts {
  id: string;
  chargeId: string;
  currency: string;
  amountMinor: number;
  state: "open" | "won" | "lost";
  /** The cardholder's reason: https://docs.stripe.com/api/disputes/object#dispute_object-reason */
  reason: string;
  /** The amount that Stripe has taken from our balance so far and not given back. */
  withheldMinor: number;
  feeMinor: number;
  /** The same in the currency of the balance; undefined if nothing was taken. */
  moved: Moved | undefined;
  /**
   * The time until which it can be answered.
   * https://docs.stripe.com/api/disputes/object#dispute_object-evidence_details-due_by
   */
  dueByMs: number | null;
}

/** Reads a dispute with everything that it has moved. */
export async function retrieveDispute(stripe: StripeGateway, id: string): Promise<StripeOutcome<DisputeFacts>> {
  const outcome = await stripe.call("dispute", (sdk) => sdk.disputes.retrieve(id));
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}

/** Lists every dispute of a charge, which may be on a connected account. */
export async function listDisputes(
  stripe: StripeGateway,
  chargeId: string,
  stripeAccountId?: string,
): Promise<StripeOutcome<DisputeFacts[]>> {
  const options = stripeAccountId === undefined ? {} : { stripeAccount: stripeAccountId };
  const listed = await stripe.list<Stripe.Dispute>((sdk, page) =>
    sdk.disputes.list({ ...page, charge: chargeId }, options),
  );
  return listed.ok ? { ok: true, value: listed.value.map(factsOf) } : listed;
}

function factsOf(dispute: Stripe.Dispute): DisputeFacts {
  const moves = dispute.balance_transactions;
  return {
    id: dispute.id,
    chargeId: typeof dispute.charge === "string" ? dispute.charge : dispute.charge.id,
    currency: dispute.currency,
    amountMinor: dispute.amount,
    state: stateOf(dispute.status),
    reason: dispute.reason,
    withheldMinor: -moves.reduce((sum, move) => sum + move.amount, 0),
    feeMinor: moves.reduce((sum, move) => sum + move.fee, 0),
    moved: movedBy(moves),
    dueByMs: dispute.evidence_details.due_by === null ? null : dispute.evidence_details.due_by * 1000,
  };
}

/**
 * Maps a dispute's status to its end, in our favour or not. Any other status is open, because money may be withheld. An
 * inquiry that was closed and a dispute that was prevented end without having moved money.
 * https://docs.stripe.com/api/disputes/object
 */
function stateOf(status: string): DisputeFacts["state"] {
  if (status === "won" || status === "warning_closed" || status === "prevented") return "won";
  return status === "lost" ? "lost" : "open";
}
