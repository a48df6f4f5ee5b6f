import type { Checkout, TestimonyAggregate } from "../../db/offers/testimonies";
import { bucketOf, isId } from "../../domain/id";
import type { StripeOutcome } from "../../stripe/failure";
import { listRefunds } from "../../stripe/refunds";
import { listTransfers } from "../../stripe/transfers";
import type { Deps } from "../deps";
import { lostTimeOf } from "../lost-time";

/** An acceptance that a payment won in the lost time, and whose row is lost. */
export interface ForgottenAcceptance {
  /** The payout for which a transfer was made; undefined if none was made. */
  payoutId: string | undefined;
}

/**
 * Finds the acceptance that a payment had won before its row was lost: a transfer to the expert, or a refund of a part,
 * shows it. The payment then wins again, with the same payout, however much of its money we have sent on since. Returns
 * undefined if it had won nothing, or if no time was lost.
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
