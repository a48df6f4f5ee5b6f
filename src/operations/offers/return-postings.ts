import type { Checkout, Payout } from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import { line, type PostingLine } from "../../domain/ledger";
import { commissionShare } from "../../domain/offers/commission";
import { owedPostings } from "../../domain/offers/payout";
import type { Deps } from "../deps";

/** Divides a further part of a payment that is returned into the commission's part, in proportion, and the price's. */
export function sharesOf(checkout: Checkout, amountMinor: number): { commissionMinor: number; priceMinor: number } {
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
