import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import { PLATFORM } from "../core/objects";
import type { Parameters } from "../core/parameters";
import { invalid, refused } from "../core/refusal";
import type { World } from "../core/world";
import { giveBackFee, proportionalFee } from "./application-fees";
import { fundsAvailableOn, rememberedOf } from "./attempt-charge";
import { post } from "./balance-transactions";
import { type Call, type Handler, pathId } from "./call";
import { postChargeLater } from "./collect";
import { DECISION_SECONDS } from "./delays";
import type { RefundPlan } from "./test-methods";

/** `POST /v1/refunds` of a charge or of a PaymentIntent's charge. */
export const createRefund: Handler = (call) => {
  const { world, account, parameters } = call;
  const charge = refundableCharge(call);
  const amount = refundAmount(parameters, charge);
  const applicationFee = applicationFeeToRefund(world, parameters, charge, amount);
  const plan = planFor(world, charge.id);
  const id = newId("re_");
  const transaction = post(world, account, {
    type: "refund",
    category: "refund",
    amountMinor: -amount,
    currency: charge.currency,
    source: id,
    applicationFeeMinor: -(applicationFee?.amountMinor ?? 0),
    availableOnSeconds: fundsAvailableOn(world, account, charge),
  });
  const refund: Stripe.Refund = {
    id,
    object: "refund",
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    customer: charge.customer === null ? null : String(charge.customer),
    customer_account: null,
    destination_details: {
      type: "card",
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
    },
    metadata: parameters.metadata(),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(plan.startsWith("pending") && { pending_reason: "processing" }),
    reason: parameters.oneOf("reason", ["duplicate", "fraudulent", "requested_by_customer"]),
    receipt_number: null,
    source_transfer_reversal: null,
    status: plan.startsWith("pending") ? "pending" : "succeeded",
    transfer_reversal: null,
  };
  world.insert("refund", account, refund, { plan });
  const refunded = changeRefunded(world, account, charge, amount);
  world.emit("refund.created", refund, { account });
  world.emit("charge.refunded", refunded.object, { account, previous: refunded.previous });
  if (applicationFee) {
    giveBackFee(world, applicationFee.fee, applicationFee.amountMinor);
  }
  if (plan === "fail") {
    return fail(world, account, refund);
  }
  if (plan !== "succeed") {
    world.due.add(world.now() + DECISION_SECONDS, "decide_refund", id);
  }
  return refund;
};

function refundableCharge({ world, account, parameters }: Call): Stripe.Charge {
  const intentId = parameters.text("payment_intent");
  const chargeId = parameters.text("charge");
  if ((intentId === null) === (chargeId === null)) {
    throw invalid(
      undefined,
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const charge =
    chargeId === null
      ? chargeOfIntent(world, account, intentId ?? "")
      : world.objects.get("charge", account, chargeId, "charge");
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
  return charge;
}

function isDisputed(world: World, account: string, charge: string): boolean {
  return world.objects.all("dispute", account, { charge }).some((dispute) => dispute.status !== "won");
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

function refundAmount(parameters: Parameters, charge: Stripe.Charge): number {
  const left = charge.amount - charge.amount_refunded;
  const amount = parameters.amount("amount") ?? left;
  if (amount > left) {
    // Stripe gives this one no code, only the parameter.
    throw refused(
      undefined,
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      "amount",
    );
  }
  return amount;
}

/** The plan set by the control interface is used once; else the card's number decides. */
function planFor(world: World, chargeId: string): RefundPlan {
  const plans = JSON.parse(world.settings.get("refund_plans") ?? "[]") as RefundPlan[];
  const next = plans.shift();
  if (next) {
    world.settings.set("refund_plans", JSON.stringify(plans));
    return next;
  }
  return rememberedOf(world, chargeId).method?.refunds ?? "succeed";
}

/** What the platform gives back of its fee, when the request asks for it. */
function applicationFeeToRefund(
  world: World,
  parameters: Parameters,
  charge: Stripe.Charge,
  refundedMinor: number,
): { fee: Stripe.ApplicationFee; amountMinor: number } | null {
  if (!parameters.flag("refund_application_fee")) {
    return null;
  }
  if (charge.application_fee === null && (charge.application_fee_amount ?? 0) > 0) {
    postChargeLater(world, charge.id);
    return applicationFeeToRefund(
      world,
      parameters,
      world.objects.get("charge", world.objects.ownerOf(charge.id) ?? "", charge.id),
      refundedMinor,
    );
  }
  if (charge.application_fee === null) {
    throw refused(undefined, `Charge ${charge.id} has no application fee to refund.`, "refund_application_fee");
  }
  const fee = world.objects.get("application_fee", PLATFORM, String(charge.application_fee));
  const amountMinor = proportionalFee(fee, charge, refundedMinor);
  return amountMinor === 0 ? null : { fee, amountMinor };
}

function changeRefunded(world: World, account: string, charge: Stripe.Charge, byMinor: number) {
  const refunded = charge.amount_refunded + byMinor;
  return world.change("charge", account, charge.id, {
    amount_refunded: refunded,
    refunded: refunded === charge.amount,
  });
}

/** A refund that took its time has come to an end. */
export function decideRefund(world: World, id: string): void {
  const account = world.objects.ownerOf(id) ?? "";
  const refund = world.objects.get("refund", account, id);
  const plan = world.objects.hidden(id).plan as RefundPlan;
  if (refund.status === "failed" || refund.status === "canceled") {
    return;
  }
  if (plan === "pending_then_succeed") {
    const { pending_reason: _, ...rest } = refund;
    const succeeded: Stripe.Refund = { ...rest, status: "succeeded" };
    world.objects.replace(id, succeeded);
    world.emit("refund.updated", succeeded, { account, previous: { status: refund.status } });
    world.emit("charge.refund.updated", succeeded, { account, previous: { status: refund.status } });
  } else {
    fail(world, account, refund);
  }
}

/** The money comes back to the balance, and the customer has nothing. */
function fail(world: World, account: string, refund: Stripe.Refund): Stripe.Refund {
  const taken = world.objects.get("balance_transaction", account, String(refund.balance_transaction));
  const transaction = post(world, account, {
    type: "refund_failure",
    category: "refund_failure",
    amountMinor: refund.amount,
    currency: refund.currency,
    source: refund.id,
    availableOnSeconds: taken.available_on,
  });
  const charge = world.objects.get("charge", account, String(refund.charge));
  changeRefunded(world, account, charge, -refund.amount);
  const { pending_reason: _, ...rest } = refund;
  const failed: Stripe.Refund = {
    ...rest,
    status: "failed",
    failure_reason: "expired_or_canceled_card",
    failure_balance_transaction: transaction.id,
  };
  world.objects.replace(refund.id, failed);
  const previous = { status: refund.status };
  world.emit("refund.updated", failed, { account, previous });
  world.emit("charge.refund.updated", failed, { account, previous });
  world.emit("refund.failed", failed, { account, previous });
  return failed;
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

/** Refunds of a charge, when a caller asks to expand them. */
export function includedRefunds(world: World, account: string, chargeId: string): Stripe.ApiList<Stripe.Refund> {
  const paging = { limit: 10, startingAfter: null, endingBefore: null };
  const page = world.objects.page("refund", account, { charge: chargeId }, {}, paging);
  return { object: "list", data: page.data, has_more: page.hasMore, url: `/v1/charges/${chargeId}/refunds` };
}
