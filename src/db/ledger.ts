import { asc, sql } from "drizzle-orm";
import type { LedgerAccount } from "../domain/ledger";
import type { Database } from "./database";
import { integerText } from "./grown-total";
import { postings } from "./schema";

/** The balance of one account in one currency: a debit is positive, a credit negative. */
export interface Balance {
  account: LedgerAccount;
  currency: string;
  /** The text of an integer: the sum of everything booked may exceed what a number holds. */
  amountMinor: string;
}

/** Sums all balances from the postings: platform accounts have no stored balance. One round trip. */
export async function ledgerBalances(db: Database): Promise<Balance[]> {
  const [rows] = await db.batch([
    db
      .select({
        account: postings.account,
        currency: postings.currency,
        amountMinor: integerText(sql`sum(${postings.amountMinor})`),
      })
      .from(postings)
      .groupBy(postings.account, postings.currency)
      .orderBy(asc(postings.currency), asc(postings.account)),
  ]);
  return rows as Balance[];
}
