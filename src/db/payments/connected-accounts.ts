import { and, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import { stripeObjects } from "../schema";
import { type StripeEffect, selectEffects } from "../stripe-effects";
import { connectedAccounts } from "./developer-tables";
import { payments } from "./tables";

export type ConnectedAccount = typeof connectedAccounts.$inferSelect;

/** A connected account with its Stripe calls, and the position of its journal. */
export interface ConnectedAccountAggregate {
  aggregateId: string;
  /** The owner: the developer's id. */
  tenant: string;
  /** The owner of the webhook endpoints that receive its events: the developer's id. */
  audience: string;
  version: number;
  sequence: number;
  account: ConnectedAccount;
  /** All Stripe calls, in the order in which they were written down. */
  effects: StripeEffect[];
}

/** Loads the whole aggregate in one round trip, as of one moment. Returns undefined if it does not exist. */
export async function loadConnectedAccount(db: Database, id: string): Promise<ConnectedAccountAggregate | undefined> {
  const [[account], effects, [last]] = await db.batch([
    db.select().from(connectedAccounts).where(eq(connectedAccounts.id, id)),
    selectEffects(db, id),
    lastPosition(db, id),
  ]);
  if (!account) return undefined;
  const position = { version: last?.version ?? 0, sequence: last?.sequence ?? 0 };
  return { ...newConnectedAccount(account), ...position, effects };
}

/** Returns the aggregate of an account that does not exist yet. */
export function newConnectedAccount(account: ConnectedAccount): ConnectedAccountAggregate {
  const { id, developerId } = account;
  return { aggregateId: id, tenant: developerId, audience: developerId, version: 0, sequence: 0, account, effects: [] };
}

/** Statement: the state that we remember of an account. */
export function selectAccountState(db: Database, id: string) {
  return db.select({ state: connectedAccounts.state }).from(connectedAccounts).where(eq(connectedAccounts.id, id));
}

/** Statement: the account with this id at Stripe, of any developer. */
export function selectConnectedAccount(db: Database, stripeId: string) {
  return db
    .select({ account: connectedAccounts })
    .from(stripeObjects)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, stripeObjects.aggregateId))
    .where(and(eq(stripeObjects.stripeId, stripeId), eq(connectedAccounts.stripeId, stripeId)));
}

/** Statement: the developer's live account with this e-mail. */
export function selectAccountByEmail(db: Database, developerId: string, email: string) {
  return db
    .select()
    .from(connectedAccounts)
    .where(
      and(
        eq(connectedAccounts.developerId, developerId),
        eq(connectedAccounts.email, email.toLowerCase()),
        eq(connectedAccounts.live, 1),
      ),
    );
}

export function insertConnectedAccount(db: Database, row: ConnectedAccount): Statement {
  return db.insert(connectedAccounts).values(row);
}

export function updateConnectedAccount(
  db: Database,
  id: string,
  changes: Partial<Omit<ConnectedAccount, "id" | "createdAt">>,
): Statement {
  return db.update(connectedAccounts).set(changes).where(eq(connectedAccounts.id, id));
}

/**
 * Writes the result of a check of an account, unless another check has ended since the account was read: then the older
 * result is dropped.
 */
export function noteConnectedAccount(
  db: Database,
  { id, state, checkedAt }: ConnectedAccount,
  changes: Partial<Pick<ConnectedAccount, "eventsReadAt" | "checkedAt" | "dueAt">>,
): Statement {
  const isAsRead = sql`${connectedAccounts.state} = ${state} and ${connectedAccounts.checkedAt} is ${checkedAt}`;
  return db
    .update(connectedAccounts)
    .set(changes)
    .where(and(eq(connectedAccounts.id, id), isAsRead));
}

/** Makes unpaid payments on an account due, at most `limit`, so that the clock checks them at once. */
export function wakeUnpaid(db: Database, account: { id: string; developerId: string }, nowMs: number, limit: number) {
  return db
    .update(payments)
    .set({ dueAt: nowMs })
    .where(inArray(payments.id, selectUnpaidAsleep(db, account, nowMs, limit)));
}

/** Statement: the unpaid payments on an account that are not due. */
export function selectUnpaidAsleep(
  db: Database,
  { id, developerId }: { id: string; developerId: string },
  nowMs: number,
  limit: number,
) {
  return db
    .select({ id: payments.id })
    .from(payments)
    .where(
      and(
        eq(payments.developerId, developerId),
        eq(payments.accountId, id),
        inArray(payments.state, [
          "requires_payment_method",
          "requires_confirmation",
          "requires_action",
          "requires_capture",
        ]),
        or(isNull(payments.dueAt), gt(payments.dueAt, nowMs)),
      ),
    )
    .limit(limit);
}

/** Statement: the number of payments on an account that may still move money, during which it must not be deleted. */
export function countOpenPayments(db: Database, accountId: string, developerId: string) {
  return db
    .select({ open: sql<number>`count(*)` })
    .from(payments)
    .where(
      and(
        eq(payments.developerId, developerId),
        eq(payments.accountId, accountId),
        inArray(payments.state, ["creating", "requires_action", "processing", "requires_capture"]),
      ),
    );
}
