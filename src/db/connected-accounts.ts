import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { connectedAccounts } from "./payment-tables";
import { outbox, stripeObjects } from "./schema";
import { selectEffects } from "./stripe-effects";
import { lastVersion } from "./testimonies";

export type ConnectedAccount = typeof connectedAccounts.$inferSelect;

/** A connected account with its calls at Stripe, and where its journal stands. */
export async function loadConnectedAccount(db: Database, id: string) {
  const [[account], effects, [last], [told]] = await db.batch([
    db.select().from(connectedAccounts).where(eq(connectedAccounts.id, id)),
    selectEffects(db, id),
    lastVersion(db, id),
    db
      .select({ sequence: sql<number>`coalesce(max(${outbox.sequence}), 0)` })
      .from(outbox)
      .where(eq(outbox.aggregateId, id)),
  ]);
  return { version: last?.version ?? 0, sequence: told?.sequence ?? 0, account, effects };
}

/** The account with this id at Stripe, whoever's it is. */
export function selectConnectedAccount(db: Database, stripeId: string) {
  return db
    .select()
    .from(stripeObjects)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, stripeObjects.aggregateId))
    .where(and(eq(stripeObjects.stripeId, stripeId), eq(connectedAccounts.stripeId, stripeId)));
}

/** The developer's one live account with this e-mail. */
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

/** A developer's accounts, newest first, after a cursor. */
export function selectAccounts(
  db: Database,
  developerId: string,
  { after, limit, state, email }: { after?: string; limit: number; state?: ConnectedAccount["state"]; email?: string },
) {
  return db
    .select()
    .from(connectedAccounts)
    .where(
      and(
        eq(connectedAccounts.developerId, developerId),
        after === undefined ? undefined : lt(connectedAccounts.id, after),
        state === undefined ? undefined : eq(connectedAccounts.state, state),
        email === undefined ? undefined : eq(connectedAccounts.email, email.toLowerCase()),
      ),
    )
    .orderBy(desc(connectedAccounts.id))
    .limit(limit);
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
