import {
  type Checkout,
  type Payout,
  type TestimonyAggregate,
  updateCheckout,
  updatePayout,
} from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import { line, type PostingLine } from "../../domain/ledger";
import { commissionShare } from "../../domain/offers/commission";
import { owedMinor, owedPostings, wantedMinor } from "../../domain/offers/payout";
import { done, type Result } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { NewEvent } from "../notify";
import { type AskedRefund, reserveRefund } from "./reserve-refund";
import { reservedMinor, reserveReversal } from "./reserve-reversal";

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
    events: [...loweredEvent(payout, fromExpertMinor), refund.event],
    answer: done,
  });
  await deps.enqueueCommands([...(reversal ? [reversal.command] : []), refund.command]);
  return done;
}

/** Divides a further part of a payment that is returned into the commission's part, in proportion, and the price's. */
function sharesOf(checkout: Checkout, amountMinor: number): { commissionMinor: number; priceMinor: number } {
  const { returnedMinor } = checkout;
  const commissionMinor =
    commissionShare(checkout, returnedMinor + amountMinor) - commissionShare(checkout, returnedMinor);
  return { commissionMinor, priceMinor: amountMinor - commissionMinor };
}

/**
 * Makes the postings of a return to the client: the commission bears its share, the expert the amount by which the
 * payout is lowered. A part of the price that was written off is borne by the account that bore the loss.
 */
export async function returnPostings(
  deps: Deps,
  checkout: Checkout,
  before: Payout,
  after: Payout,
  amountMinor: number,
): Promise<PostingLine[]> {
  const { currency } = checkout;
  const { commissionMinor, priceMinor } = sharesOf(checkout, amountMinor);
  const byLossMinor = priceMinor - (after.loweredMinor - before.loweredMinor);
  const account = byLossMinor === 0 ? "refunds_made_at_stripe" : await lossAccountOf(deps, before);
  return [
    ...line("commission", currency, commissionMinor),
    ...owedPostings(before, after, currency),
    ...line(account, currency, byLossMinor, before.id),
    ...line("client_payable", currency, -amountMinor),
  ];
}

/** Returns the account to which a release below the price was written off. */
async function lossAccountOf(deps: Deps, { testimonyId, id }: Payout) {
  const posted = await postedFor(deps.db, testimonyId, id);
  return (posted.get("dispute_losses") ?? 0) < 0 ? "dispute_losses" : "refunds_made_at_stripe";
}

/** Makes the event that tells an expert that a payout was lowered by so many minor units; none for zero. */
export function loweredEvent(
  { testimonyId, id: payoutId, expertId, currency }: Payout,
  amountMinor: number,
): NewEvent[] {
  if (amountMinor === 0) return [];
  const data = { testimonyId, payoutId, expertId, currency, amountMinor };
  return [{ type: "payout.lowered", data, to: { expert: expertId } }];
}
