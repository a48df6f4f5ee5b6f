import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { receiveFee } from "./application-fees";
import { fundsAvailableOn, rememberAvailability, rememberedOf } from "./attempt-charge";
import { post } from "./balance-transactions";
import { DECISION_SECONDS, POSTING_SECONDS, SETTLEMENT_SECONDS } from "./delays";
import { billPlatform, paysOwnFees, processingFeeMinor } from "./stripe-fee";

export const FEE_MODES = ["at_once", "late", "always_late"] as const;
/**
 * When a charge shows its fees: with its success, or in a later `charge.updated`. `late` does so for charges that are
 * captured asynchronously, as Stripe documents it; `always_late` for all, because Stripe promises a time for none.
 */
export type FeeMode = (typeof FEE_MODES)[number];

/** Collects a charge that was just paid or decided: charge and PaymentIntent succeed. */
export function collect(world: World, account: string, charge: Stripe.Charge): void {
  const intent = world.objects.get("payment_intent", account, String(charge.payment_intent));
  take(world, account, charge, "charge.succeeded", {
    isLate: isLate(world, intent),
    members: { status: "succeeded", paid: true, captured: true, amount_captured: charge.amount },
  });
}

function isLate(world: World, intent: Stripe.PaymentIntent): boolean {
  const mode = world.settings.get("fee_mode");
  return mode === "always_late" || (mode === "late" && intent.capture_method === "automatic_async");
}

/** Collects an authorization or a part of it; `members` are the charge's new members. */
export function collectAuthorized(
  world: World,
  account: string,
  charge: Stripe.Charge,
  members: Partial<Stripe.Charge>,
): void {
  take(world, account, charge, "charge.captured", { isLate: false, members });
}

function take(
  world: World,
  account: string,
  charge: Stripe.Charge,
  event: "charge.succeeded" | "charge.captured",
  { isLate, members }: { isLate: boolean; members: Partial<Stripe.Charge> },
): void {
  const { method } = rememberedOf(world, charge.id);
  rememberAvailability(world, charge.id, world.now() + (method?.availableAtOnce ? 0 : SETTLEMENT_SECONDS));
  const taken = world.change("charge", account, charge.id, members);
  const posted = isLate ? taken.object : postCharge(world, account, taken.object);
  world.emit(event, posted, { account, ...(event === "charge.captured" && { previous: taken.previous }) });
  announceFee(world, posted);
  const { object, previous } = world.change("payment_intent", account, String(charge.payment_intent), {
    status: "succeeded",
    amount_capturable: 0,
    amount_received: posted.amount_captured,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    last_payment_error: null,
    next_action: null,
    processing: null,
  });
  world.emit("payment_intent.succeeded", object, { account, previous });
  if (isLate) {
    world.due.add(world.now() + POSTING_SECONDS, "post_charge", charge.id);
  }
  if (method?.disputed) {
    world.due.add(world.now() + DECISION_SECONDS, "open_dispute", charge.id);
  }
}

/** Posts a charge whose fees are reported late. */
export function postChargeLater(world: World, chargeId: string): void {
  const account = world.objects.ownerOf(chargeId) ?? "";
  const charge = world.objects.get("charge", account, chargeId);
  if (charge.balance_transaction !== null) {
    return;
  }
  const posted = postCharge(world, account, charge);
  const previous = { balance_transaction: null, ...(posted.application_fee !== null && { application_fee: null }) };
  world.emit("charge.updated", posted, { account, previous });
  announceFee(world, posted);
}

/** Moves the money: what was captured, less Stripe's fee and the platform's. Returns the changed charge. */
function postCharge(world: World, account: string, charge: Stripe.Charge): Stripe.Charge {
  const amountMinor = charge.amount_captured;
  const stripeFeeMinor = processingFeeMinor(amountMinor);
  const applicationFeeMinor = account === PLATFORM ? 0 : (charge.application_fee_amount ?? 0);
  const availableOnSeconds = fundsAvailableOn(world, account, charge);
  const isOwnFee = paysOwnFees(world, account);
  const transaction = post(world, account, {
    type: charge.id.startsWith("py_") ? "payment" : "charge",
    category: "charge",
    amountMinor,
    currency: charge.currency,
    source: charge.id,
    feeMinor: isOwnFee ? stripeFeeMinor : 0,
    applicationFeeMinor,
    availableOnSeconds,
  });
  if (!isOwnFee) {
    billPlatform(world, stripeFeeMinor, charge.currency, `Stripe processing fees (${account}, ${charge.id})`);
  }
  const fee =
    applicationFeeMinor > 0 ? receiveFee(world, charge, account, applicationFeeMinor, availableOnSeconds) : null;
  return world.change("charge", account, charge.id, {
    balance_transaction: transaction.id,
    application_fee: fee?.id ?? null,
  }).object;
}

/** Sends the event of a fee to the platform, not to the account. */
function announceFee(world: World, charge: Stripe.Charge): void {
  if (charge.application_fee !== null) {
    world.emit(
      "application_fee.created",
      world.objects.get("application_fee", PLATFORM, String(charge.application_fee)),
    );
  }
}
