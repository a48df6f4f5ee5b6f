/** The money that one object moved, by Stripe's lines and by ours. Amounts in minor units. */
export interface ComparedLine {
  reference: string;
  currency: string;
  /** Stripe's types of the lines. */
  types: string[];
  stripeMinor: number;
  ledgerMinor: number;
}

interface Theirs {
  reference: string;
  type: string;
  currency: string;
  netMinor: number;
}

interface Ours {
  reference: string;
  currency: string;
  sumMinor: number;
}

/**
 * Compares Stripe's lines with ours, by object and currency. An object that only one side knows gets a line of its own.
 */
export function compareLines(theirs: readonly Theirs[], ours: readonly Ours[]): ComparedLine[] {
  const lines = new Map<string, ComparedLine>();
  const at = (reference: string, currency: string) => {
    const key = `${reference} ${currency}`;
    const line = lines.get(key) ?? { reference, currency, types: [], stripeMinor: 0, ledgerMinor: 0 };
    lines.set(key, line);
    return line;
  };
  for (const { reference, type, currency, netMinor } of theirs) {
    const line = at(reference, currency);
    line.stripeMinor += netMinor;
    line.types.push(type);
  }
  for (const { reference, currency, sumMinor } of ours) at(reference, currency).ledgerMinor += sumMinor;
  return [...lines.values()];
}

/** Tells whether both sides agree. */
export function agrees({ stripeMinor, ledgerMinor }: ComparedLine): boolean {
  return stripeMinor === ledgerMinor;
}

/**
 * The comparison of our ledger with Stripe's balance (src/guides/decisions.md#stripes-fees). Amounts in minor units.
 */
export interface Reconciliation {
  ok: boolean;
  currencies: {
    currency: string;
    stripeBalanceMinor: bigint;
    ledgerBalanceMinor: bigint;
    /** Stripe's own latest lines, which the clock books within minutes. */
    awaitedMinor: bigint;
    unexplainedMinor: bigint;
  }[];
  /** One line per object that moved money, on either side. */
  lines: ComparedLine[];
  /** The lines that differ and are not awaited. */
  unexplained: ComparedLine[];
}

/** The comparison of sellers' balances at Stripe with what our ledger says that payments brought them. */
export interface AccountsReconciliation {
  ok: boolean;
  accounts: ReconciledAccount[];
  /** The start of the next page; null after the last one. */
  next: string | null;
}

export interface ReconciledAccount {
  id: string;
  accountId: string;
  /** Stripe does not show us the account any more: it was disconnected. */
  isClosed: boolean;
  /** The number of compared payments, and of movements that belong to none. */
  compared: number;
  unexplained: ComparedLine[];
}
