/**
 * The accounts of the ledger of offers and payments. Amounts are signed minor units: a debit is positive, a credit negative, and the
 * lines of one change sum to zero per currency.
 */
export const ledgerAccounts = {
  /** Money that Stripe holds for us. It equals Stripe's own balance, pending and available together. */
  stripe_balance: "asset",
  /** Stripe's balance when the books were opened: money from before Accord, which these books do not explain. */
  opening_balance: "equity",
  /** Stripe's fees for its service, and the taxes on them. */
  stripe_fees: "expense",
  /** Money that Stripe has paid out to our bank, less what the bank paid in. */
  bank: "asset",
  /** Money of our balance that Stripe reserves for a while. */
  stripe_reserves: "asset",
  /** Stripe's own corrections. */
  stripe_adjustments: "expense",
  /** Money that Stripe collected from us for the negative balances of sellers or experts: we bear their losses. */
  collected_from_us: "expense",
  /** Clients' money that is not, or not any more, allocated to an accepted offer. */
  client_payable: "liability",
  /** Money owed to experts for accepted offers. */
  expert_payable: "liability",
  /** Money that experts owe us because a payout could not be reversed (src/guides/decisions.md#taking-back). */
  expert_receivable: "asset",
  /** Our commission. */
  commission: "revenue",
  /** Money that Stripe withholds while a dispute is open. */
  disputed_funds: "asset",
  /** Losses from lost disputes. */
  dispute_losses: "expense",
  /** Out-of-band refunds of money that was already allocated. */
  refunds_made_at_stripe: "expense",
  /**
   * Money that Stripe holds for connected accounts, as far as payments moved it: their payouts to banks are not in our
   * books.
   */
  seller_balance: "asset",
  /** Our debt to the sellers for the same money. */
  seller_payable: "liability",
  /** Our fees on payments of connected accounts (src/guides/decisions.md#platform-fee). */
  application_fees: "revenue",
} as const;

/** The reference of the lines of the opening balance, which have no object. */
export const openingReference = "opening_balance";

export type LedgerAccount = keyof typeof ledgerAccounts;

/** One line of a posting. `reference` is the id of the Stripe object that moved the money, for reconciliation. */
export interface PostingLine {
  account: LedgerAccount;
  currency: string;
  amountMinor: number;
  reference?: string;
}

/** Makes one line of a posting; none if the amount is zero. */
export function line(account: LedgerAccount, currency: string, amountMinor: number, reference?: string): PostingLine[] {
  if (amountMinor === 0) return [];
  return [{ account, currency, amountMinor, ...(reference === undefined ? {} : { reference }) }];
}

/**
 * Makes two lines that sum to zero: credits one account and debits another. An amount of zero makes no lines. Throws on
 * an amount that is negative or not a safe integer.
 */
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
 * Makes the lines that bring the posted sums to their target. Both are sums per account that sum to zero. Because only
 * the difference is posted, the same facts can arrive twice, or in another order, without harm.
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

/**
 * Throws if lines do not sum to zero in each currency: this is a programming error, found before the database sees it.
 */
export function assertBalanced(lines: readonly PostingLine[]): void {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.currency, (sums.get(line.currency) ?? 0) + line.amountMinor);
  for (const [currency, sum] of sums) {
    if (sum !== 0) throw new Error(`postings do not balance: ${sum} ${currency}`);
  }
}
