import type { Checkout, TestimonyAggregate } from "../../db/offers/testimonies";
import { bucketOf, isId } from "../../domain/id";
import type { StripeOutcome } from "../../stripe/failure";
import { listRefunds, type RefundFacts } from "../../stripe/refunds";
import type { Deps } from "../deps";
import { lostTimeOf } from "../lost-time";
import { requestKeyAtStripe } from "../of-request";

/** A refund at Stripe that carries an id of ours. */
export type OwnRefund = RefundFacts & { refundId: string };

/** Our refunds of a payment as they are at Stripe, oldest first: those that have a row, and those that lost it. */
export interface OwnRefunds {
  known: OwnRefund[];
  forgotten: OwnRefund[];
}

const none: StripeOutcome<OwnRefunds> = { ok: true, value: { known: [], forgotten: [] } };

/**
 * Loads our refunds of a payment from Stripe, if it may have been refunded in the lost time; otherwise returns none and
 * does not ask Stripe. A refund whose row was lost keeps our id, which Stripe has in its metadata.
 */
export async function ownRefunds(
  deps: Deps,
  { refunds }: TestimonyAggregate,
  { testimonyId, paymentIntentId }: Checkout,
): Promise<StripeOutcome<OwnRefunds>> {
  if (paymentIntentId === null || !(await lostTimeOf(deps, testimonyId))) return none;
  const listed = await listRefunds(deps.stripe, paymentIntentId);
  if (!listed.ok) return listed;
  const ids = new Set(refunds.map(({ id }) => id));
  const own = listed.value.filter((one): one is OwnRefund => isOf(testimonyId, one.refundId)).reverse();
  const forgotten = own.filter((one) => !ids.has(one.refundId) && one.status !== "failed");
  return { ok: true, value: { known: own.filter((one) => ids.has(one.refundId)), forgotten } };
}

function isOf(testimonyId: string, refundId: string | undefined): boolean {
  return refundId !== undefined && isId(refundId) && bucketOf(refundId) === bucketOf(testimonyId);
}

/** Finds the refund that this very request made in the lost time: one that is known by now, or one to be resumed. */
export async function refundAskedBefore(
  deps: Deps,
  aggregate: TestimonyAggregate,
): Promise<StripeOutcome<{ refund: OwnRefund; isKnown: boolean } | undefined>> {
  const key = await requestKeyAtStripe(deps);
  if (key === undefined) return { ok: true, value: undefined };
  for (const checkout of aggregate.checkouts) {
    const own = await ownRefunds(deps, aggregate, checkout);
    if (!own.ok) return own;
    const known = own.value.known.find(({ requestKey }) => requestKey === key);
    if (known) return { ok: true, value: { refund: known, isKnown: true } };
    const forgotten = own.value.forgotten.find(({ requestKey }) => requestKey === key);
    if (forgotten) return { ok: true, value: { refund: forgotten, isKnown: false } };
  }
  return { ok: true, value: undefined };
}
