/**
 * The accounts of the ledger of offers and payments. Amounts are signed minor units: a debit is positive, a credit negative, and the
 * lines of one change sum to zero per currency.
 */
export const ledgerAccounts = {
  /** What Stripe holds for us; equals Stripe's own balance, pending and available together. */
  stripe_balance: "asset",
  /** What Stripe held when the books were opened: from before Accord, and of nothing that these books know. */
  opening_balance: "equity",
  /** What Stripe keeps for its service, and the taxes on it. */
  stripe_fees: "expense",
  /** What Stripe has paid out to our bank, less what came from there. */
  bank: "asset",
  /** What Stripe holds back of our balance for a while. */
  stripe_reserves: "asset",
  /** Stripe's own corrections. */
  stripe_adjustments: "expense",
  /** What Stripe took from us because sellers or experts owed it: we carry their losses. */
  collected_from_us: "expense",
  /** Money of clients that is not yet, or no longer, allocated to an accepted offer. */
  client_payable: "liability",
  /** What accepted offers owe to experts. */
  expert_payable: "liability",
  /** What experts owe us because a payout could not be taken back (src/guides/decisions.md#taking-back). */
  expert_receivable: "asset",
  /** Our commission. */
  commission: "revenue",
  /** Money that Stripe withholds while a dispute is open. */
  disputed_funds: "asset",
  /** What lost disputes cost. */
  dispute_losses: "expense",
  /** Refunds that somebody made at Stripe, past us, of money that was already allocated. */
  refunds_made_at_stripe: "expense",
  /** What Stripe holds for connected accounts, as far as payments have moved it: payouts to banks are not ours to book. */
  seller_balance: "asset",
  /** The same money, owed to the sellers. */
  seller_payable: "liability",
  /** What we take of payments on connected accounts (src/guides/decisions.md#platform-fee). */
  application_fees: "revenue",
} as const;

/** What the lines of the opening balance name in the place of an object. */
export const openingReference = "opening_balance";

export type LedgerAccount = keyof typeof ledgerAccounts;

/** One line of a posting. `reference` is the id of the Stripe object that moved the money, for reconciliation. */
export interface PostingLine {
  account: LedgerAccount;
  currency: string;
  amountMinor: number;
  reference?: string;
}

/** Lines that sum to zero: takes from `credit`, gives to `debit`. A zero amount moves nothing and posts nothing. */
export function move(
  amountMinor: number,
  currency: string,
  accounts: { debit: LedgerAccount; credit: LedgerAccount; reference?: string },
): PostingLine[] {
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 0) throw new Error(`not an amount: ${amountMinor}`);
  if (amountMinor === 0) return [];
  const reference = accounts.reference === undefined ? {} : { reference: accounts.reference };
  return [
    { account: accounts.debit, currency, amountMinor, ...reference },
    { account: accounts.credit, currency, amountMinor: -amountMinor, ...reference },
  ];
}

/**
 * The lines that bring what is posted to what it should be. Both are sums per account and sum to zero; posting the
 * difference makes it harmless to hear of the same facts twice, or in another order.
 */
export function adjust(
  target: Partial<Record<LedgerAccount, number>>,
  posted: ReadonlyMap<LedgerAccount, number>,
  currency: string,
  reference: string,
): PostingLine[] {
  const accounts = new Set([...(Object.keys(target) as LedgerAccount[]), ...posted.keys()]);
  return [...accounts]
    .map((account) => ({
      account,
      currency,
      amountMinor: (target[account] ?? 0) - (posted.get(account) ?? 0),
      reference,
    }))
    .filter((line) => line.amountMinor !== 0);
}

/** Refuses lines that do not sum to zero in each currency: a programmer's mistake, found before the database sees it. */
export function assertBalanced(lines: readonly PostingLine[]): void {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.currency, (sums.get(line.currency) ?? 0) + line.amountMinor);
  for (const [currency, sum] of sums) {
    if (sum !== 0) throw new Error(`postings do not balance: ${sum} ${currency}`);
  }
}
