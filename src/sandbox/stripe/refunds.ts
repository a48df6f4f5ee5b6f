import type Stripe from "stripe";
import { refuseBetweenSteps } from "../core/currency-rules";
import { newId } from "../core/id";
import { list } from "../core/list";
import { invalid, refused } from "../core/refusal";
import type { World } from "../core/world";
import { giveBackFee } from "./application-fees";
import { fundsAvailableOn, rememberedOf } from "./attempt-charge";
import { post } from "./balance-transactions";
import { type Call, type Handler, pathId } from "./call";
import { changeRefunded } from "./count-refund";
import { DECISION_SECONDS } from "./delays";
import { newRefund } from "./new-refund";
import { applicationFeeToRefund } from "./refund-application-fee";
import { failRefund } from "./refund-outcome";
import { waitForFunds } from "./refund-without-funds";
import type { RefundPlan } from "./test-methods";

/** `POST /v1/refunds` of a charge or of a PaymentIntent's charge. */
export const createRefund: Handler = (call) => {
  const { world, account, parameters } = call;
  const charge = namedCharge(call);
  return refundCharge(world, account, charge, {
    amountMinor: parameters.amount("amount"),
    givesFeeBack: parameters.flag("refund_application_fee") === true,
    metadata: parameters.metadata(),
    reason: parameters.oneOf("reason", ["duplicate", "fraudulent", "requested_by_customer"]),
    plan: () => planFor(world, charge.id),
  });
};

/** The terms of a requested refund. */
interface RefundTerms {
  /** Null for all that is left. */
  amountMinor: number | null;
  givesFeeBack?: boolean;
  metadata?: Stripe.Metadata;
  reason?: Stripe.Refund["reason"];
  /** Returns the refund's plan. It is called only if nothing forbids the refund. */
  plan: () => RefundPlan;
}

/** Refunds a charge, if it can be refunded. */
export function refundCharge(world: World, account: string, charge: Stripe.Charge, terms: RefundTerms): Stripe.Refund {
  refuseUnrefundable(world, account, charge);
  const amount = refundAmount(terms.amountMinor, charge);
  const applicationFee = terms.givesFeeBack ? applicationFeeToRefund(world, account, charge.id, amount) : null;
  const plan = terms.plan();
  const id = newId("re_");
  if (plan === "pending_without_funds") {
    const { metadata = {}, reason = null } = terms;
    return waitForFunds(world, account, charge, {
      id,
      amount,
      metadata,
      reason,
      feeMinor: applicationFee?.amountMinor,
    });
  }
  const transaction = post(world, account, {
    type: "refund",
    category: "refund",
    amountMinor: -amount,
    currency: charge.currency,
    source: id,
    applicationFeeMinor: -(applicationFee?.amountMinor ?? 0),
    availableOnSeconds: fundsAvailableOn(world, account, charge),
  });
  const refund = newRefund(world, charge, {
    id,
    amount,
    balance_transaction: transaction.id,
    metadata: terms.metadata ?? {},
    ...(plan.startsWith("pending") && { pending_reason: "processing", status: "pending" }),
    reason: terms.reason ?? null,
  });
  world.insert("refund", account, refund, { plan });
  const refunded = changeRefunded(world, account, charge, amount);
  world.emit("refund.created", refund, { account });
  world.emit("charge.refunded", refunded.object, { account, previous: refunded.previous });
  if (applicationFee) {
    giveBackFee(world, applicationFee.fee, applicationFee.amountMinor);
  }
  if (plan === "fail") {
    return failRefund(world, account, refund);
  }
  if (plan !== "succeed") {
    world.due.add(world.now() + DECISION_SECONDS, "decide_refund", id);
  }
  return refund;
}

function namedCharge({ world, account, parameters }: Call): Stripe.Charge {
  const intentId = parameters.text("payment_intent");
  const chargeId = parameters.text("charge");
  if ((intentId === null) === (chargeId === null)) {
    throw invalid(
      undefined,
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  return chargeId === null
    ? chargeOfIntent(world, account, intentId ?? "")
    : world.objects.get("charge", account, chargeId, "charge");
}

function refuseUnrefundable(world: World, account: string, charge: Stripe.Charge): void {
  if (charge.status !== "succeeded") {
    throw refused("charge_not_refundable", `Charge ${charge.id} is not in a refundable state: it is ${charge.status}.`);
  }
  if (!charge.captured) {
    throw refused(
      "charge_not_refundable",
      `Charge ${charge.id} has not been captured. Cancel its PaymentIntent to release the funds.`,
    );
  }
  if (charge.refunded) {
    throw refused("charge_already_refunded", `Charge ${charge.id} has already been refunded.`);
  }
  if (isDisputed(world, account, charge.id)) {
    throw refused("charge_disputed", `Charge ${charge.id} has been charged back; cannot issue a refund.`);
  }
}

/** Tells whether a charge is disputed. During an inquiry the payment can still be refunded. */
function isDisputed(world: World, account: string, charge: string): boolean {
  return world.objects
    .all("dispute", account, { charge })
    .some(({ status }) => status !== "won" && !status.startsWith("warning_"));
}

function chargeOfIntent(world: World, account: string, intentId: string): Stripe.Charge {
  const intent = world.objects.get("payment_intent", account, intentId, "payment_intent");
  if (intent.status !== "succeeded" || intent.latest_charge === null) {
    throw refused(
      "payment_intent_unexpected_state",
      `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
    );
  }
  return world.objects.get("charge", account, String(intent.latest_charge));
}

function refundAmount(wanted: number | null, charge: Stripe.Charge): number {
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = wanted ?? left;
  if (amount > left) {
    // Stripe gives this refusal no code, only the parameter.
    throw refused(
      undefined,
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      "amount",
    );
  }
  if (amount < left) {
    refuseBetweenSteps(amount, charge.currency, "amount");
  }
  return amount;
}

/** Returns the plan of a refund. One set by the control interface is used once; else the card's number decides. */
function planFor(world: World, chargeId: string): RefundPlan {
  const plans = JSON.parse(world.settings.get("refund_plans") ?? "[]") as RefundPlan[];
  const next = plans.shift();
  if (next) {
    world.settings.set("refund_plans", JSON.stringify(plans));
    return next;
  }
  return rememberedOf(world, chargeId).method?.refunds ?? "succeed";
}

export const retrieveRefund: Handler = (call) => call.world.objects.get("refund", call.account, pathId(call));

export const listRefunds: Handler = (call) =>
  list(call.world, call.account, "refund", "/v1/refunds", call.parameters, {
    payment_intent: call.parameters.text("payment_intent"),
    charge: call.parameters.text("charge"),
  });

export const updateRefund: Handler = (call) => {
  const refund = call.world.objects.get("refund", call.account, pathId(call));
  const metadata = call.parameters.mergedMetadata(refund.metadata);
  const { object, previous } = call.world.change("refund", call.account, refund.id, { metadata });
  call.world.emit("refund.updated", object, { account: call.account, previous });
  return object;
};

/** Lists the refunds of a charge, if a caller expands them. */
export function includedRefunds(world: World, account: string, chargeId: string): Stripe.ApiList<Stripe.Refund> {
  const paging = { limit: 10, startingAfter: null, endingBefore: null };
  const page = world.objects.page("refund", account, { charge: chargeId }, {}, paging);
  return { object: "list", data: page.data, has_more: page.hasMore, url: `/v1/charges/${chargeId}/refunds` };
}
