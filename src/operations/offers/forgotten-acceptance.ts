import type { Checkout, TestimonyAggregate } from "../../db/offers/testimonies";
import { bucketOf, isId } from "../../domain/id";
import type { StripeOutcome } from "../../stripe/failure";
import { listRefunds } from "../../stripe/refunds";
import { listTransfers } from "../../stripe/transfers";
import type { Deps } from "../deps";
import { lostTimeOf } from "../lost-time";

/** An acceptance by a payment in the time that the database has lost. */
export interface ForgottenAcceptance {
  /** The payout that a transfer was made for; undefined where none was. */
  payoutId: string | undefined;
}

/**
 * Tells whether a payment had won its offer before the database lost that: the expert was paid out of it, or a part of
 * the acceptance was refunded. Then it wins again, with the same payout, whatever of its money we have sent on since.
 */
export async function forgottenAcceptance(
  deps: Deps,
  { payouts }: TestimonyAggregate,
  { testimonyId, offerId }: Checkout,
  { paymentIntentId, charge }: { paymentIntentId: string; charge: { id: string } },
): Promise<StripeOutcome<ForgottenAcceptance | undefined>> {
  if (!(await lostTimeOf(deps, testimonyId))) return { ok: true, value: undefined };
  const transfers = await listTransfers(deps.stripe, testimonyId);
  if (!transfers.ok) return transfers;
  const payoutId = transfers.value
    .filter((one) => one.chargeId === charge.id && one.offerId === offerId)
    .map((one) => one.payoutId)
    .find((id) => id !== undefined && isId(id) && bucketOf(id) === bucketOf(testimonyId));
  if (payoutId !== undefined && !payouts.some(({ id }) => id === payoutId)) return { ok: true, value: { payoutId } };
  const refunds = await listRefunds(deps.stripe, paymentIntentId);
  if (!refunds.ok) return refunds;
  const wasAccepted = refunds.value.some(({ ofAcceptance, status }) => ofAcceptance && status !== "failed");
  return { ok: true, value: wasAccepted ? { payoutId: undefined } : undefined };
}
