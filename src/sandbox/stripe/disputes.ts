import type Stripe from "stripe";
import { newId } from "../core/id";
import { refused } from "../core/refusal";
import type { World } from "../core/world";
import { post } from "./balance-transactions";
import { EMPTY_EVIDENCE } from "./dispute-evidence";
import { billPlatform, paysOwnFees } from "./stripe-fee";

const FEE_MINOR = 2000;
const ANSWER_WITHIN_SECONDS = 7 * 24 * 60 * 60;

/** The disputed amount, and whether the dispute begins as an inquiry. */
export interface DisputeTerms {
  /**
   * All that the platform still holds of the charge by default; another value can be a part of it, or more than is
   * left.
   */
  amountMinor?: number | undefined;
  /** An inquiry takes nothing until it becomes a dispute: https://docs.stripe.com/disputes/how-disputes-work */
  isInquiry?: boolean | undefined;
}

/**
 * Opens a dispute: the cardholder's bank takes a payment back, and Stripe charges a fee for it. Stripe does not say
 * that a partial refund protects what was refunded, so the whole payment can be disputed all the same.
 */
export function openDispute(world: World, chargeId: string, terms: DisputeTerms = {}): Stripe.Dispute {
  const account = world.objects.ownerOf(chargeId) ?? "";
  const charge = world.objects.get("charge", account, chargeId, "charge");
  const left = charge.captured ? charge.amount_captured - charge.amount_refunded : 0;
  const amount = terms.amountMinor ?? left;
  // A payment that came by transfer was not paid by card, so no bank can take it back.
  const isCardPayment = charge.payment_intent !== null;
  const isWithin = amount > 0 && amount <= charge.amount_captured;
  if (!isCardPayment || charge.disputed || charge.status !== "succeeded" || left <= 0 || !isWithin) {
    throw refused(undefined, `Charge ${chargeId} cannot be disputed.`, "charge");
  }
  const isInquiry = terms.isInquiry === true;
  const id = newId("du_");
  const dispute: Stripe.Dispute = {
    id,
    object: "dispute",
    amount,
    balance_transactions: isInquiry ? [] : [withdraw(world, account, { id, amount, currency: charge.currency })],
    charge: chargeId,
    created: world.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: EMPTY_EVIDENCE,
    evidence_details: {
      due_by: world.now() + ANSWER_WITHIN_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: isInquiry ? "warning_needs_response" : "needs_response",
  };
  world.insert("dispute", account, dispute);
  world.change("charge", account, chargeId, { disputed: true });
  world.emit("charge.dispute.created", dispute, { account });
  if (!isInquiry) {
    world.emit("charge.dispute.funds_withdrawn", dispute, { account });
  }
  return dispute;
}

/** Withdraws the disputed amount, and the fee from whoever pays Stripe's fees. */
function withdraw(
  world: World,
  account: string,
  { id, amount, currency }: Pick<Stripe.Dispute, "id" | "amount" | "currency">,
): Stripe.BalanceTransaction {
  const isOwnFee = paysOwnFees(world, account);
  const withdrawn = post(world, account, {
    type: "adjustment",
    category: "dispute",
    amountMinor: -amount,
    currency,
    source: id,
    feeMinor: isOwnFee ? FEE_MINOR : 0,
    feeDescription: "Dispute fee",
  });
  if (!isOwnFee) {
    billPlatform(world, FEE_MINOR, currency, `Dispute fee (${account}, ${id})`);
  }
  return withdrawn;
}

/** Turns an inquiry into a dispute. An amount that was refunded meanwhile is not withdrawn as well. */
export function escalateInquiry(world: World, id: string): Stripe.Dispute {
  const account = world.objects.ownerOf(id) ?? "";
  const dispute = world.objects.get("dispute", account, id, "dispute");
  const charge = world.objects.get("charge", account, String(dispute.charge));
  const amount = Math.min(dispute.amount, charge.amount - charge.amount_refunded);
  if (!isInquiryOpen(dispute) || amount <= 0) {
    throw refused(undefined, `Dispute ${id} is ${dispute.status}: it cannot become more.`);
  }
  const { object, previous } = world.change("dispute", account, id, {
    amount,
    balance_transactions: [withdraw(world, account, { ...dispute, amount })],
    is_charge_refundable: false,
    status: "needs_response",
  });
  world.emit("charge.dispute.updated", object, { account, previous });
  world.emit("charge.dispute.funds_withdrawn", object, { account, previous });
  return object;
}

export function isInquiryOpen({ status }: Stripe.Dispute): boolean {
  return status.startsWith("warning_") && status !== "warning_closed";
}

export function isClosed({ status }: Stripe.Dispute): boolean {
  return status === "won" || status === "lost" || status === "warning_closed";
}

export const DISPUTE_ENDS = ["won", "lost", "warning_closed"] as const;
export type DisputeEnd = (typeof DISPUTE_ENDS)[number];

/**
 * Closes a dispute. If it is won, the amount is returned and the fee is not; an inquiry ends without having moved
 * anything.
 */
export function closeDispute(world: World, id: string, status: DisputeEnd): Stripe.Dispute {
  const account = world.objects.ownerOf(id) ?? "";
  const dispute = world.objects.get("dispute", account, id, "dispute");
  if (isClosed(dispute)) {
    throw refused(undefined, `This dispute is already closed: ${dispute.status}.`);
  }
  if (isInquiryOpen(dispute) !== (status === "warning_closed")) {
    throw refused(undefined, `Dispute ${id} is ${dispute.status}: it cannot be ${status}.`);
  }
  const returned = status === "won" ? [reinstate(world, account, dispute)] : [];
  const { object, previous } = world.change("dispute", account, id, {
    status,
    balance_transactions: [...dispute.balance_transactions, ...returned],
  });
  world.emit("charge.dispute.closed", object, { account, previous });
  if (status === "won") {
    world.emit("charge.dispute.funds_reinstated", object, { account, previous });
  }
  return object;
}

function reinstate(world: World, account: string, dispute: Stripe.Dispute): Stripe.BalanceTransaction {
  return post(world, account, {
    type: "adjustment",
    category: "dispute_reversal",
    amountMinor: dispute.amount,
    currency: dispute.currency,
    source: dispute.id,
  });
}
