import { and, eq, sql } from "drizzle-orm";
import type { LedgerAccount } from "../domain/ledger";
import type { Database } from "./database";
import { postings } from "./schema";

/** What an aggregate has posted for one object at Stripe, per account. */
export async function postedFor(
  db: Database,
  aggregateId: string,
  reference: string,
): Promise<Map<LedgerAccount, number>> {
  const [rows] = await db.batch([
    db
      .select({ account: postings.account, sumMinor: sql<number>`sum(${postings.amountMinor})` })
      .from(postings)
      .where(and(eq(postings.aggregateId, aggregateId), eq(postings.reference, reference)))
      .groupBy(postings.account),
  ]);
  return new Map(rows.map((row) => [row.account as LedgerAccount, row.sumMinor]));
}

/** What we booked at Stripe, per object and currency: one side of the reconciliation. */
export async function stripeBalanceByReference(db: Database) {
  const [rows] = await db.batch([
    db
      .select({
        reference: postings.reference,
        currency: postings.currency,
        sumMinor: sql<number>`sum(${postings.amountMinor})`,
      })
      .from(postings)
      .where(eq(postings.account, "stripe_balance"))
      .groupBy(postings.reference, postings.currency),
  ]);
  return rows;
}
