import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import { refused } from "../core/refusal";
import type { World } from "../core/world";
import { post } from "./balance-transactions";
import { type Handler, pathId } from "./call";
import { EMPTY_EVIDENCE } from "./dispute-evidence";
import { billPlatform, paysOwnFees } from "./stripe-fee";

const FEE_MINOR = 2000;
const ANSWER_WITHIN_SECONDS = 7 * 24 * 60 * 60;

/** The cardholder's bank takes the whole payment back, and Stripe charges a fee for it. */
export function openDispute(world: World, chargeId: string): Stripe.Dispute {
  const account = world.objects.ownerOf(chargeId) ?? "";
  const charge = world.objects.get("charge", account, chargeId, "charge");
  const amount = charge.captured ? charge.amount_captured - charge.amount_refunded : 0;
  // What a transfer brought no card has paid: there is no bank to take it back.
  const isCardPayment = charge.payment_intent !== null;
  if (!isCardPayment || charge.disputed || charge.status !== "succeeded" || amount <= 0) {
    throw refused(undefined, `Charge ${chargeId} cannot be disputed.`, "charge");
  }
  const id = newId("du_");
  const isOwnFee = paysOwnFees(world, account);
  const withdrawn = post(world, account, {
    type: "adjustment",
    category: "dispute",
    amountMinor: -amount,
    currency: charge.currency,
    source: id,
    feeMinor: isOwnFee ? FEE_MINOR : 0,
    feeDescription: "Dispute fee",
  });
  if (!isOwnFee) {
    billPlatform(world, FEE_MINOR, charge.currency, `Dispute fee (${account}, ${id})`);
  }
  const dispute: Stripe.Dispute = {
    id,
    object: "dispute",
    amount,
    balance_transactions: [withdrawn],
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
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: "needs_response",
  };
  world.insert("dispute", account, dispute);
  world.change("charge", account, chargeId, { disputed: true });
  world.emit("charge.dispute.created", dispute, { account });
  world.emit("charge.dispute.funds_withdrawn", dispute, { account });
  return dispute;
}

/** The bank has decided. Won, the amount comes back and the fee does not. */
export function closeDispute(world: World, id: string, status: "won" | "lost"): Stripe.Dispute {
  const account = world.objects.ownerOf(id) ?? "";
  const dispute = world.objects.get("dispute", account, id, "dispute");
  if (dispute.status === "won" || dispute.status === "lost") {
    throw refused(undefined, `This dispute is already closed: ${dispute.status}.`);
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

export const retrieveDispute: Handler = (call) => call.world.objects.get("dispute", call.account, pathId(call));

export const listDisputes: Handler = (call) =>
  list(call.world, call.account, "dispute", "/v1/disputes", call.parameters, {
    charge: call.parameters.text("charge"),
    payment_intent: call.parameters.text("payment_intent"),
  });

/** `POST /v1/disputes/:id`: evidence, handed in at once unless `submit` says otherwise. */
export const updateDispute: Handler = (call) => {
  const { world, account, parameters } = call;
  const dispute = world.objects.get("dispute", account, pathId(call));
  if (dispute.status === "won" || dispute.status === "lost") {
    throw refused(undefined, `This dispute is already closed: ${dispute.status}.`);
  }
  const isSubmitted = parameters.has("evidence") && parameters.flag("submit") !== false;
  const { object, previous } = world.change("dispute", account, dispute.id, {
    metadata: parameters.mergedMetadata(dispute.metadata),
    evidence: { ...dispute.evidence, ...parameters.child("evidence").record },
    evidence_details: {
      ...dispute.evidence_details,
      has_evidence: dispute.evidence_details.has_evidence || parameters.has("evidence"),
      submission_count: dispute.evidence_details.submission_count + (isSubmitted ? 1 : 0),
    },
    ...(isSubmitted && { status: "under_review" }),
  });
  world.emit("charge.dispute.updated", object, { account, previous });
  return object;
};

/** `POST /v1/disputes/:id/close`: we accept that it is lost. */
export const acceptDispute: Handler = (call) => {
  const { id } = call.world.objects.get("dispute", call.account, pathId(call));
  return closeDispute(call.world, id, "lost");
};
