import type { PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import {
  type ConnectedRefundFacts,
  type FeeFacts,
  findFee,
  listConnectedRefunds,
  retrieveFee,
} from "../../stripe/connected-refunds";
import { type DisputeFacts, listDisputes } from "../../stripe/disputes";
import type { StripeOutcome } from "../../stripe/failure";
import type { IntentFacts } from "../../stripe/intent-facts";
import { retrieveIntent } from "../../stripe/payment-intents";
import { paramsOf } from "../call-params";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";

/** Facts that Stripe reports of a payment. Undefined members were not asked for, and stay as they are. */
export interface StripeSnapshot {
  intent?: IntentFacts | undefined;
  refunds?: readonly ConnectedRefundFacts[] | undefined;
  fee?: FeeFacts | undefined;
  disputes?: readonly DisputeFacts[] | undefined;
  /** Stripe did not answer everything, so it must be asked again. */
  isIncomplete?: boolean;
}

/** Reads from Stripe the PaymentIntent of a payment, and all refunds or disputes if they may have changed. */
export async function pollPayment(
  deps: Deps,
  { payment, refunds, disputes }: PaymentAggregate,
  about: FollowUps["check-payment"]["about"],
): Promise<StripeOutcome<StripeSnapshot>> {
  const key = { stripeId: payment.stripeId ?? "", stripeAccountId: payment.stripeAccountId };
  const intent = await retrieveIntent(deps.stripe, key);
  if (!intent.ok) return intent;
  const snapshot: StripeSnapshot = { intent: intent.value };
  const isPaid = intent.value.status === "succeeded";
  const wantsRefunds = about === "refunds" || (about === "everything" && isPaid) || refunds.some(isUnderWay);
  if (wantsRefunds) {
    const listed = await listConnectedRefunds(deps.stripe, key);
    if (!listed.ok) return listed;
    snapshot.refunds = listed.value;
    const fee = await feeOf(deps, intent.value);
    if (fee && !fee.ok) return fee;
    if (fee) snapshot.fee = fee.value;
  }
  const charge = intent.value.charge;
  if (charge && (charge.isDisputed || disputes.length > 0)) {
    const listed = await listDisputes(deps.stripe, charge.id, key.stripeAccountId);
    if (!listed.ok) return listed;
    snapshot.disputes = listed.value;
  }
  return { ok: true, value: snapshot };
}

function isUnderWay({ state }: { state: string }): boolean {
  return state === "pending";
}

async function feeOf(deps: Deps, { charge }: IntentFacts) {
  return charge?.applicationFeeId ? retrieveFee(deps.stripe, charge.applicationFeeId) : undefined;
}

/**
 * Returns the PaymentIntent as it is at this moment. An answer that Stripe repeats for an idempotency key is as old as
 * the first, so a repeated call is followed by a read.
 */
export async function presentIntent(
  deps: Deps,
  { payment: { stripeAccountId } }: PaymentAggregate,
  effect: StripeEffect,
  snapshot: IntentFacts,
): Promise<IntentFacts> {
  if (effect.attempts === 0) return snapshot;
  const asked = await retrieveIntent(deps.stripe, { stripeId: snapshot.id, stripeAccountId });
  return asked.ok ? asked.value : snapshot;
}

/** Reads the PaymentIntent after a refusal: it may have moved on at Stripe without our knowing. */
export async function intentAfterRefusal(deps: Deps, { payment }: PaymentAggregate): Promise<{ intent?: IntentFacts }> {
  if (payment.stripeId === null) return {};
  const asked = await retrieveIntent(deps.stripe, { ...payment, stripeId: payment.stripeId });
  return asked.ok ? { intent: asked.value } : {};
}

/**
 * Reads the refund and the rest of our fee. An answer that Stripe repeats for an idempotency key is as old as the
 * first: the refund may have failed since. What Stripe does not answer at this moment is asked for soon.
 */
export async function presentRefund(
  deps: Deps,
  aggregate: PaymentAggregate,
  effect: StripeEffect,
  refund: ConnectedRefundFacts,
): Promise<StripeSnapshot> {
  if (effect.attempts > 0) {
    const asked = await pollPayment(deps, aggregate, "refunds");
    return asked.ok ? asked.value : { refunds: [refund], isIncomplete: true };
  }
  const feeId = paramsOf(effect, "create-payment-refund").returnsFee ? feeIdOf(aggregate) : undefined;
  if (feeId === undefined) return { refunds: [refund] };
  const fee = await retrieveFee(deps.stripe, feeId);
  return fee.ok ? { refunds: [refund], fee: fee.value } : { refunds: [refund], isIncomplete: true };
}

/** Returns the id of the fee that we have booked. */
function feeIdOf({ posted }: PaymentAggregate): string | undefined {
  const taken = posted.find(({ account, sumMinor }) => account === "application_fees" && sumMinor < 0);
  return taken?.reference ?? undefined;
}

/**
 * Adds our fee to what Stripe reports: it is the platform's object, and only there Stripe says what it is in our
 * currency. It is asked for once; if Stripe does not answer, it is asked again soon.
 */
export async function withFee(
  deps: Deps,
  { payment, posted }: PaymentAggregate,
  snapshot: StripeSnapshot,
): Promise<StripeSnapshot> {
  const feeId = snapshot.intent?.status === "succeeded" ? snapshot.intent.charge?.applicationFeeId : undefined;
  if (!feeId || snapshot.fee) return snapshot;
  const lines = posted.filter((line) => line.reference === feeId);
  // It was booked before we knew that the account converts: the seller's side of it is in the charge's line.
  const isOutdated =
    isConverted(payment.currency, posted, snapshot) && lines.some(({ account }) => account === "seller_balance");
  if (lines.some(({ account }) => account === "application_fees") && !isOutdated) return snapshot;
  const fee = await retrieveFee(deps.stripe, feeId);
  return fee.ok ? { ...snapshot, fee: fee.value } : { ...snapshot, isIncomplete: true };
}

/**
 * Adds our fee of a payment whose account is gone: what Stripe had collected for us, or refunds of it, before we could
 * read it on the account. It may still come, because Stripe can report a fee later than the payment.
 */
export async function withFeeOfGone(
  deps: Deps,
  { payment }: PaymentAggregate,
  snapshot: StripeSnapshot,
): Promise<StripeSnapshot> {
  if (payment.state !== "succeeded" || payment.chargeId === null || payment.applicationFeeMinor === 0) return snapshot;
  const fee = await findFee(deps.stripe, payment.chargeId);
  return fee.ok && fee.value ? { ...snapshot, fee: fee.value } : { ...snapshot, isIncomplete: true };
}

/** Tells whether the account holds another currency than the payment's. */
export function isConverted(
  currency: string,
  posted: PaymentAggregate["posted"],
  { intent, refunds }: StripeSnapshot,
): boolean {
  const moved = intent?.charge?.moved ?? refunds?.find((one) => one.moved)?.moved;
  if (moved) return moved.currency !== currency;
  return posted.some((line) => line.account === "seller_balance" && line.currency !== currency);
}
