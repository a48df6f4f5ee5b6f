import type { PaymentAggregate } from "../../db/payments";
import { retrieveFee } from "../../stripe/connected-refunds";
import type { Deps } from "../deps";
import { isConverted, type Told } from "./payment-postings";

/**
 * What Stripe has told, with our fee: it is an object of the platform's, and only there is it said what came of it in our
 * currency. Asked for once; what Stripe does not answer is asked for soon.
 */
export async function withFee(deps: Deps, { payment, posted }: PaymentAggregate, told: Told): Promise<Told> {
  const feeId = told.intent?.status === "succeeded" ? told.intent.charge?.applicationFeeId : undefined;
  if (!feeId || told.fee) return told;
  const lines = posted.filter((line) => line.reference === feeId);
  // Booked before it was known that the account converts: the seller's side of it is in the charge's line.
  const isOutdated =
    isConverted(payment.currency, posted, told) && lines.some(({ account }) => account === "seller_balance");
  if (lines.some(({ account }) => account === "application_fees") && !isOutdated) return told;
  const fee = await retrieveFee(deps.stripe, feeId);
  return fee.ok ? { ...told, fee: fee.value } : { ...told, isIncomplete: true };
}
