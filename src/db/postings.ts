import { and, asc, eq, gt, inArray, isNotNull, ne, sql } from "drizzle-orm";
import type { LedgerAccount } from "../domain/ledger";
import type { Database } from "./database";
import { connectedAccounts } from "./payments/developer-tables";
import { paymentRefunds, payments } from "./payments/tables";
import { postings } from "./schema";

/** Sums what an aggregate has posted for one object at Stripe, per account. */
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

/** The Stripe object of a posting; every posting to Stripe's balance names one. */
const reference = sql<string>`coalesce(${postings.reference}, '')`;

/** Sums what we booked at Stripe, per object and currency: one side of the reconciliation. */
export function stripeBalanceByReference(db: Database) {
  return db
    .select({
      reference,
      currency: postings.currency,
      sumMinor: sql<number>`sum(${postings.amountMinor})`,
    })
    .from(postings)
    .where(eq(postings.account, "stripe_balance"))
    .groupBy(postings.reference, postings.currency);
}

/** Statement: connected accounts that Stripe can be asked about, oldest first, after a cursor. */
export function selectReconcilableAccounts(
  db: Database,
  { after, limit }: { after: string | undefined; limit: number },
) {
  return db
    .select({ id: connectedAccounts.id, stripeId: connectedAccounts.stripeId })
    .from(connectedAccounts)
    .where(
      and(
        isNotNull(connectedAccounts.stripeId),
        ne(connectedAccounts.state, "deleted"),
        after === undefined ? undefined : gt(connectedAccounts.id, after),
      ),
    )
    .orderBy(asc(connectedAccounts.id))
    .limit(limit);
}

/**
 * Reads what payments have moved on connected accounts by our ledger, per payment, object and currency, and the payment
 * of each refund.
 */
export async function sellerBalances(db: Database, accountIds: readonly string[]) {
  const [balances, refunds] = await db.batch([
    db
      .select({
        accountId: payments.accountId,
        paymentId: payments.id,
        reference,
        currency: postings.currency,
        sumMinor: sql<number>`sum(${postings.amountMinor})`,
      })
      .from(payments)
      .innerJoin(postings, and(eq(postings.aggregateId, payments.id), eq(postings.account, "seller_balance")))
      .where(inArray(payments.accountId, [...accountIds]))
      .groupBy(payments.id, postings.reference, postings.currency),
    db
      .select({ paymentId: payments.id, reference: paymentRefunds.stripeId })
      .from(payments)
      .innerJoin(paymentRefunds, eq(paymentRefunds.paymentId, payments.id))
      .where(and(inArray(payments.accountId, [...accountIds]), isNotNull(paymentRefunds.stripeId))),
  ]);
  return { balances, refunds };
}
