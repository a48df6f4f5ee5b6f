import { and, eq, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { lastSequence, lastVersion } from "./position";
import { payoutAccounts, payouts, stripeEffects } from "./schema";

export type PayoutAccount = typeof payoutAccounts.$inferSelect;

/** An expert's connected account with its open calls, and where the expert's journal stands. */
export async function loadPayoutAccount(db: Database, userId: string) {
  const [[account], effects, [last], [told]] = await db.batch([
    selectPayoutAccount(db, userId),
    db
      .select()
      .from(stripeEffects)
      .where(and(eq(stripeEffects.aggregateId, userId), eq(stripeEffects.state, "open"))),
    lastVersion(db, userId),
    lastSequence(db, userId),
  ]);
  return {
    aggregateId: userId,
    tenant: userId,
    version: last?.version ?? 0,
    sequence: told?.sequence ?? 0,
    account,
    openEffects: effects,
  };
}

/** What we remember of an expert's connected account. */
export function selectPayoutAccount(db: Database, userId: string) {
  return db.select().from(payoutAccounts).where(eq(payoutAccounts.userId, userId));
}

export function insertPayoutAccount(db: Database, row: typeof payoutAccounts.$inferInsert): Statement {
  return db.insert(payoutAccounts).values(row);
}

export function updatePayoutAccount(
  db: Database,
  userId: string,
  changes: Partial<Omit<PayoutAccount, "userId" | "createdAt">>,
): Statement {
  return db.update(payoutAccounts).set(changes).where(eq(payoutAccounts.userId, userId));
}

/** Notes what a look at an account brought, unless another look has ended since it was read: the older answer is forgotten. */
export function notePayoutAccount(
  db: Database,
  { userId, state, checkedAt }: PayoutAccount,
  changes: Partial<Pick<PayoutAccount, "requirements" | "checkedAt" | "dueAt">>,
): Statement {
  const isAsRead = sql`${payoutAccounts.state} = ${state} and ${payoutAccounts.checkedAt} is ${checkedAt}`;
  return db
    .update(payoutAccounts)
    .set(changes)
    .where(and(eq(payoutAccounts.userId, userId), isAsRead));
}

/** The payouts that wait for something about this expert. */
export function selectHeldPayouts(db: Database, expertId: string) {
  return db
    .select({ testimonyId: payouts.testimonyId, id: payouts.id })
    .from(payouts)
    .where(and(eq(payouts.expertId, expertId), eq(payouts.state, "held")))
    .limit(200);
}
