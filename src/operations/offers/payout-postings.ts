import type { LedgerAccount, PostingLine } from "../../domain/ledger";
import { owedMinor, type PayoutAmounts } from "../../domain/offers/payout";

/**
 * Makes the expert's side of the postings of a payout's change: owed money is payable, money that the expert received
 * too much is a receivable. The lines sum to what was owed before less what is owed after; the caller adds the other
 * side.
 */
export function owedPostings(
  before: PayoutAmounts,
  after: PayoutAmounts,
  currency: string,
  reference?: string,
): PostingLine[] {
  const [from, to] = [owedMinor(before), owedMinor(after)];
  return [
    ...line("expert_payable", currency, Math.max(from, 0) - Math.max(to, 0), reference),
    ...line("expert_receivable", currency, Math.max(-to, 0) - Math.max(-from, 0), reference),
  ];
}

/** Makes one line of a posting; none if the amount is zero. */
export function line(account: LedgerAccount, currency: string, amountMinor: number, reference?: string): PostingLine[] {
  if (amountMinor === 0) return [];
  return [{ account, currency, amountMinor, ...(reference === undefined ? {} : { reference }) }];
}
