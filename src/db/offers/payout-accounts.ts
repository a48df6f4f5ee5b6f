import { and, eq, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import { stripeEffects } from "../tables";
import { payoutAccounts } from "./people-tables";
import { payouts } from "./tables";

export type PayoutAccount = typeof payoutAccounts.$inferSelect;

/** Loads an expert's connected account with its pending calls, and the position of the expert's journal. */
export async function loadPayoutAccount(db: Database, userId: string) {
  const [[account], effects, [last]] = await db.batch([
    selectPayoutAccount(db, userId),
    db
      .select()
      .from(stripeEffects)
      .where(and(eq(stripeEffects.aggregateId, userId), eq(stripeEffects.state, "open"))),
    lastPosition(db, userId),
  ]);
  return {
    aggregateId: userId,
    tenant: userId,
    version: last?.version ?? 0,
    sequence: last?.sequence ?? 0,
    account,
    openEffects: effects,
  };
}

/** Statement: our record of an expert's connected account. */
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

/**
 * Writes the result of a check of an account, unless another check has ended since the account was read: then the older
 * result is dropped.
 */
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

/** Makes the expert's held payouts due, but those that wait for their release alone. Returns their ids. */
export function wakeHeldPayouts(db: Database, expertId: string, nowMs: number) {
  return db
    .update(payouts)
    .set({ dueAt: nowMs })
    .where(and(eq(payouts.expertId, expertId), sql`state = 'held' and holds <> '["not_released"]'`))
    .returning({ testimonyId: payouts.testimonyId, payoutId: payouts.id });
}

/** The most waiting payouts of an expert that are listed. */
const waitingMax = 100;

/**
 * Reads an expert's connected account as Stripe described it last, undefined if none was opened; and the payouts that
 * wait, the oldest first. One round trip.
 */
export async function payoutAccountOf(db: Database, userId: string) {
  const [[account], waiting] = await db.batch([
    db
      .select({ state: payoutAccounts.state, requirements: payoutAccounts.requirements })
      .from(payoutAccounts)
      .where(eq(payoutAccounts.userId, userId)),
    db
      .select()
      .from(payouts)
      .where(and(eq(payouts.expertId, userId), sql`${payouts.state} = 'held'`))
      .orderBy(payouts.testimonyId)
      .limit(waitingMax),
  ]);
  return { account, waiting };
}
