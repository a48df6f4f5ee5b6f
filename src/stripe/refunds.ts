import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";

/** A refund to be made at Stripe. */
export interface RefundOrder {
  refundId: string;
  testimonyId: string;
  paymentIntentId: string;
  amountMinor: number;
  /** Tells whether it refunds an acceptance, or a part of it, and not a payment that has won nothing. */
  ofAcceptance?: boolean;
  /** Names the request that asked for it, if that had an idempotency key: Stripe keeps this, should our row be lost. */
  requestKey?: string | undefined;
}

export interface RefundFacts {
  id: string;
  status: "pending" | "succeeded" | "failed";
  amountMinor: number;
  /** False while Stripe waits for funds: nothing has left the balance yet. */
  movesMoney: boolean;
  /** The reason for which it is pending, in Stripe's words: `charge_pending`, `insufficient_funds` or `processing`. */
  pendingReason: string | null;
  /** The id of our own refund, if we requested it. */
  refundId: string | undefined;
  requestKey: string | undefined;
  ofAcceptance: boolean;
}

/** Returns what a refund has taken from the balance: nothing while it waits for funds, and nothing after it failed. */
export function takenMinor({
  status,
  movesMoney,
  amountMinor,
}: Pick<RefundFacts, "status" | "movesMoney" | "amountMinor">): number {
  return movesMoney && status !== "failed" ? amountMinor : 0;
}

/** Requests a refund at Stripe. */
export async function createRefund(
  stripe: StripeGateway,
  order: RefundOrder,
  key: string,
): Promise<StripeOutcome<RefundFacts>> {
  const params: Stripe.RefundCreateParams = {
    payment_intent: order.paymentIntentId,
    amount: order.amountMinor,
    reason: "requested_by_customer",
    metadata: {
      refund_id: order.refundId,
      testimony_id: order.testimonyId,
      ...(order.ofAcceptance ? { accepted: "true" } : {}),
      ...(order.requestKey === undefined ? {} : { request_key: order.requestKey }),
    },
  };
  return facts(await stripe.call("refund", (sdk) => sdk.refunds.create(params, { idempotencyKey: key })));
}

/** Reads a refund. */
export async function retrieveRefund(stripe: StripeGateway, id: string): Promise<StripeOutcome<RefundFacts>> {
  return facts(await stripe.call("refund", (sdk) => sdk.refunds.retrieve(id)));
}

/** Lists every refund of a payment, ours and others'. */
export async function listRefunds(
  stripe: StripeGateway,
  paymentIntentId: string,
): Promise<StripeOutcome<RefundFacts[]>> {
  const listed = await stripe.list<Stripe.Refund>((sdk, page) =>
    sdk.refunds.list({ ...page, payment_intent: paymentIntentId }),
  );
  return listed.ok ? { ok: true, value: listed.value.map(refundFacts) } : listed;
}

function facts(outcome: StripeOutcome<Stripe.Refund>): StripeOutcome<RefundFacts> {
  return outcome.ok ? { ok: true, value: refundFacts(outcome.value) } : outcome;
}

/** Returns the facts about a refund on which our decisions depend. */
export function refundFacts(refund: Stripe.Refund): RefundFacts {
  return {
    id: refund.id,
    status: statusOf(refund.status),
    amountMinor: refund.amount,
    movesMoney: refund.balance_transaction !== null,
    pendingReason: refund.pending_reason ?? null,
    refundId: refund.metadata?.refund_id,
    requestKey: refund.metadata?.request_key,
    ofAcceptance: refund.metadata?.accepted === "true",
  };
}

/** Maps a status. An unknown one counts as pending, so that Stripe is asked again. */
export function statusOf(status: string | null): RefundFacts["status"] {
  if (status === "succeeded") return "succeeded";
  return status === "failed" || status === "canceled" ? "failed" : "pending";
}
