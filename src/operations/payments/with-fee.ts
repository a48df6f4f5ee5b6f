import type { PaymentAggregate } from "../../db/payments/payments";
import { retrieveFee } from "../../stripe/connected-refunds";
import type { Deps } from "../deps";
import { isConverted, type StripeSnapshot } from "./payment-postings";

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
