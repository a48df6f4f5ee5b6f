import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import { PLATFORM } from "../core/objects";
import { missing, refused } from "../core/refusal";
import { view } from "../core/view";
import type { World } from "../core/world";
import { APPLICATION, post } from "./balance-transactions";
import { type Call, type Handler, pathId } from "./call";

/** Credits the platform with its fee of a direct charge, available together with the charge. */
export function receiveFee(
  world: World,
  charge: Stripe.Charge,
  account: string,
  amountMinor: number,
  availableOnSeconds: number,
): Stripe.ApplicationFee {
  const id = newId("fee_");
  const transaction = post(world, PLATFORM, {
    type: "application_fee",
    category: "platform_earning",
    amountMinor,
    currency: charge.currency,
    source: id,
    availableOnSeconds,
  });
  const fee: Stripe.ApplicationFee = {
    id,
    object: "application_fee",
    account,
    amount: amountMinor,
    amount_refunded: 0,
    application: APPLICATION,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    fee_source: { type: "charge", charge: charge.id },
    livemode: false,
    originating_transaction: charge.id,
    refunded: false,
    refunds: { object: "list", data: [], has_more: false, url: `/v1/application_fees/${id}/refunds` },
  };
  world.insert("application_fee", PLATFORM, fee);
  return fee;
}

/** Refunds (a part of) the platform's fee; the caller posts what the account gains. */
export function giveBackFee(
  world: World,
  fee: Stripe.ApplicationFee,
  amountMinor: number,
  metadata: Record<string, string> = {},
): Stripe.FeeRefund {
  const id = newId("fr_");
  const received = world.objects.find("balance_transaction", PLATFORM, String(fee.balance_transaction));
  const transaction = post(world, PLATFORM, {
    type: "application_fee_refund",
    category: "platform_earning_refund",
    amountMinor: -amountMinor,
    currency: fee.currency,
    source: id,
    availableOnSeconds: received?.available_on ?? world.now(),
  });
  const refund: Stripe.FeeRefund = {
    id,
    object: "fee_refund",
    amount: amountMinor,
    balance_transaction: transaction.id,
    created: world.now(),
    currency: fee.currency,
    fee: fee.id,
    metadata,
  };
  world.insert("fee_refund", PLATFORM, refund);
  const refunded = fee.amount_refunded + amountMinor;
  const { object, previous } = world.change("application_fee", PLATFORM, fee.id, {
    amount_refunded: refunded,
    refunded: refunded === fee.amount,
  });
  world.emit("application_fee.refunded", object, { previous });
  return refund;
}

/**
 * Computes the share of the fee that is refunded with `refundedMinor` of the charge: in proportion, rounded half up,
 * counted along the whole charge so that many small refunds sum to the fee. Stripe promises the proportion, not its
 * rounding.
 */
export function proportionalFee(fee: Stripe.ApplicationFee, charge: Stripe.Charge, refundedMinor: number): number {
  const before = charge.amount_refunded;
  const shareOf = (minor: number) =>
    roundedQuotient(BigInt(fee.amount) * BigInt(minor), BigInt(charge.amount_captured));
  return Math.min(shareOf(before + refundedMinor) - shareOf(before), fee.amount - fee.amount_refunded);
}

function roundedQuotient(dividend: bigint, divisor: bigint): number {
  return Number((dividend * 2n + divisor) / (divisor * 2n));
}

function ownFee(call: Call): Stripe.ApplicationFee {
  return call.world.objects.get("application_fee", PLATFORM, pathId(call));
}

export const retrieveApplicationFee: Handler = (call) => view(call.world.objects, PLATFORM, ownFee(call));

export const listApplicationFees: Handler = (call) =>
  list(call.world, PLATFORM, "application_fee", "/v1/application_fees", call.parameters, {
    charge: call.parameters.text("charge"),
  });

/** `POST /v1/application_fees/:id/refunds`: without any refund to the customer. */
export const createFeeRefund: Handler = (call) => {
  const { world, parameters } = call;
  const fee = ownFee(call);
  const left = fee.amount - fee.amount_refunded;
  const amount = parameters.amount("amount") ?? left;
  if (left === 0) {
    throw refused(undefined, `Application fee ${fee.id} has already been refunded.`);
  }
  if (amount > left) {
    throw refused(undefined, `Refund amount (${amount}) is greater than unrefunded amount on fee (${left})`, "amount");
  }
  const account = String(fee.account);
  const refund = giveBackFee(world, fee, amount, parameters.metadata());
  const received = world.objects.find("balance_transaction", PLATFORM, String(fee.balance_transaction));
  post(world, account, {
    type: "adjustment",
    category: "other_adjustment",
    amountMinor: amount,
    currency: fee.currency,
    source: String(fee.charge),
    description: "Application fee refund",
    availableOnSeconds: received?.available_on ?? world.now(),
  });
  return refund;
};

export const listFeeRefunds: Handler = (call) => {
  const { id } = ownFee(call);
  return list(call.world, PLATFORM, "fee_refund", `/v1/application_fees/${id}/refunds`, call.parameters, { fee: id });
};

export const retrieveFeeRefund: Handler = (call) => {
  const id = call.ids[1] ?? "";
  const refund = call.world.objects.get("fee_refund", PLATFORM, id);
  if (refund.fee !== pathId(call)) {
    throw missing("fee refund", id);
  }
  return refund;
};
