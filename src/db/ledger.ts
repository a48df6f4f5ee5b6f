import { and, asc, eq, lte, sql } from "drizzle-orm";
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

/**
 * Sums all balances from the postings, or those until a moment, it included: platform accounts have no stored balance.
 * One round trip.
 */
export async function ledgerBalances(db: Database, asOfMs?: number): Promise<Balance[]> {
  const [rows] = await db.batch([
    db
      .select({
        account: postings.account,
        currency: postings.currency,
        amountMinor: integerText(sql`sum(${postings.amountMinor})`),
      })
      .from(postings)
      .where(asOfMs === undefined ? undefined : lte(postings.at, asOfMs))
      .groupBy(postings.account, postings.currency)
      .orderBy(asc(postings.currency), asc(postings.account)),
  ]);
  return rows as Balance[];
}

/** The most changes that are looked at for one answer, whatever account they concern. */
const changesMax = 1_000;

/** The account and currency whose movements are wanted, behind a moment and until another, in steps. */
export interface Movements {
  account: string;
  currency: string;
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/**
 * Sums what has moved on one account in each step of a time, of the first changes of that time that moved money at all.
 * `scannedTo` is the moment that was reached if there are more of them: all until then are in the sums. One round trip.
 */
export async function ledgerMovements(db: Database, { account, currency, fromMs, toMs, stepMs }: Movements) {
  const { at, aggregateId, version, amountMinor } = postings;
  const isMoved = sql`line = 0 and at > ${fromMs} and at <= ${toMs}`;
  // The changes of one moment are summed together, or not at all.
  const end = sql`(select at from postings where ${isMoved} order by at limit 1 offset ${sql.raw(String(changesMax))})`;
  const moved = db
    .select({ aggregateId, version })
    .from(postings)
    .where(and(isMoved, sql`at < coalesce(${end}, ${toMs} + 1)`))
    .as("moved");
  const step = sql<number>`(${at} - cast(${fromMs} as integer) - 1) / cast(${stepMs} as integer)`;
  const [sums, [scanned]] = await db.batch([
    db
      .select({
        step: step.as("step"),
        debitMinor: integerText(sql`sum(max(${amountMinor}, 0))`).as("debit"),
        creditMinor: integerText(sql`sum(max(-${amountMinor}, 0))`).as("credit"),
      })
      .from(moved)
      .crossJoin(postings) // in this order: the lines of each change by their key, never all
      .where(
        and(
          eq(aggregateId, moved.aggregateId),
          eq(version, moved.version),
          eq(postings.account, account),
          eq(postings.currency, currency),
        ),
      )
      .groupBy(step)
      .orderBy(step),
    db.select({ end: sql<number | null>`${end}` }).from(sql`(select 1)`),
  ]);
  return { sums, scannedToMs: scanned?.end == null ? undefined : scanned.end - 1 };
}
