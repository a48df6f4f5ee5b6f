import {
  type Checkout,
  type Payout,
  type TestimonyAggregate,
  updateCheckout,
  updatePayout,
} from "../../db/testimonies";
import { owedMinor, wantedMinor } from "../../domain/payout";
import { done, type Result } from "../../domain/result";
import { record } from "../change";
import type { Deps } from "../deps";
import { claimRefund } from "./claim-refund";
import { claimedMinor, claimReversal } from "./claim-reversal";
import { loweredNews } from "./lowered-news";
import { returnPostings, sharesOf } from "./return-postings";

/** While a reversal is under way, the clock looks whether the expert's account with us must follow. */
const reversalLookMs = 60_000;

/**
 * Gives a part of an acceptance back that stands: commission and price go back in proportion, the payout is lowered, or so
 * much of its transfer reversed. What an earlier part that failed still owes the client is given first.
 */
export async function refundPart(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  payout: Payout,
  { operator, reason, amountMinor }: { operator: string; reason: string; amountMinor: number },
): Promise<Result<null>> {
  const owedAlreadyMinor = Math.max(0, checkout.returnedMinor - checkout.refundedMinor);
  const newMinor = Math.max(0, amountMinor - owedAlreadyMinor);
  const fromExpertMinor = Math.min(sharesOf(checkout, newMinor).priceMinor, wantedMinor(payout));
  const after: Payout = { ...payout, loweredMinor: payout.loweredMinor + fromExpertMinor };

  // What the expert has of it is taken back as far as a transfer brought it; what was netted becomes a debt.
  const tooMuchMinor = Math.max(0, -owedMinor(after)) - Math.max(0, -owedMinor(payout));
  const sentMinor = payout.sentMinor - payout.reversedMinor - claimedMinor(aggregate, payout);
  const backMinor = Math.min(tooMuchMinor, Math.max(0, sentMinor));
  const reversal = backMinor > 0 ? claimReversal(deps, payout, backMinor, false) : undefined;
  const refund = claimRefund(deps, checkout, checkout.paymentIntentId ?? "", reason, amountMinor);
  await record(deps, aggregate, {
    name: "refund-part",
    actor: "operator",
    data: { operator, reason, amountMinor, payoutId: payout.id, refundId: refund.refundId, fromExpertMinor },
    rows: [
      updateCheckout(deps.db, checkout, { returnedMinor: checkout.returnedMinor + newMinor }),
      updatePayout(deps.db, payout, {
        loweredMinor: after.loweredMinor,
        ...(payout.state === "paid" ? { dueAt: deps.nowMs() + reversalLookMs } : {}),
      }),
      ...(reversal ? [reversal.row] : []),
      ...refund.rows,
    ],
    postings: await returnPostings(deps, checkout, payout, after, newMinor),
    events: [...loweredNews(payout, fromExpertMinor), refund.news],
    answer: done,
  });
  await deps.nudge([...(reversal ? [reversal.command] : []), refund.command]);
  return done;
}
