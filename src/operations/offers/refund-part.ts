import {
  type Checkout,
  type Payout,
  type TestimonyAggregate,
  updateCheckout,
  updatePayout,
} from "../../db/offers/testimonies";
import { owedMinor, wantedMinor } from "../../domain/offers/payout";
import { done, type Result } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { loweredEvent } from "./lowered-events";
import { type AskedRefund, reserveRefund } from "./reserve-refund";
import { reservedMinor, reserveReversal } from "./reserve-reversal";
import { returnPostings, sharesOf } from "./return-postings";

/**
 * Interval in which the clock checks, while a reversal is pending, whether the expert's account with us must be
 * adjusted.
 */
const reversalPollMs = 60_000;

/**
 * Refunds a part of an acceptance that remains valid: commission and price are refunded in proportion, and the payout
 * is lowered or the same amount of its transfer reversed. If an earlier part failed, what the client is still owed is
 * refunded first.
 */
export async function refundPart(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  payout: Payout,
  {
    operator,
    reason,
    amountMinor,
    asked,
  }: { operator: string; reason: string; amountMinor: number; asked: AskedRefund },
): Promise<Result<null>> {
  const owedAlreadyMinor = Math.max(0, checkout.returnedMinor - checkout.refundedMinor);
  const newMinor = Math.max(0, amountMinor - owedAlreadyMinor);
  const fromExpertMinor = Math.min(sharesOf(checkout, newMinor).priceMinor, wantedMinor(payout));
  const after: Payout = { ...payout, loweredMinor: payout.loweredMinor + fromExpertMinor };

  // The expert's part is taken back as far as a transfer paid it; what was netted becomes a debt.
  const tooMuchMinor = Math.max(0, -owedMinor(after)) - Math.max(0, -owedMinor(payout));
  const sentMinor = payout.sentMinor - payout.reversedMinor - reservedMinor(aggregate, payout);
  const backMinor = Math.min(tooMuchMinor, Math.max(0, sentMinor));
  const reversal = backMinor > 0 ? reserveReversal(deps, payout, backMinor, false) : undefined;
  const refund = reserveRefund(deps, checkout, checkout.paymentIntentId ?? "", reason, amountMinor, asked);
  await appendChange(deps, aggregate, {
    name: "refund-part",
    actor: "operator",
    data: { operator, reason, amountMinor, payoutId: payout.id, refundId: refund.refundId, fromExpertMinor },
    rows: [
      updateCheckout(deps.db, checkout, { returnedMinor: checkout.returnedMinor + newMinor }),
      updatePayout(deps.db, payout, {
        loweredMinor: after.loweredMinor,
        ...(payout.state === "paid" ? { dueAt: deps.nowMs() + reversalPollMs } : {}),
      }),
      ...(reversal ? [reversal.row] : []),
      ...refund.rows,
    ],
    postings: await returnPostings(deps, checkout, payout, after, newMinor),
    events: [...loweredEvent(payout, fromExpertMinor), refund.news],
    answer: done,
  });
  await deps.enqueueCommands([...(reversal ? [reversal.command] : []), refund.command]);
  return done;
}
