import { and, desc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { appUsers, customers, paymentMethods } from "./payment-tables";
import { outbox } from "./schema";
import { selectEffects } from "./stripe-effects";
import { lastVersion } from "./testimonies";

export type PaymentMethod = typeof paymentMethods.$inferSelect;
export type Customer = typeof customers.$inferSelect;

/** A shopper with customers and methods, and where the shopper's journal stands. */
export async function loadShopper(db: Database, userId: string) {
  const [[user], customerRows, methods, effects, [last], [told]] = await db.batch([
    db.select().from(appUsers).where(eq(appUsers.id, userId)),
    db.select().from(customers).where(eq(customers.userId, userId)),
    db
      .select()
      .from(paymentMethods)
      .where(and(eq(paymentMethods.userId, userId), ne(paymentMethods.state, "removed"))),
    selectEffects(db, userId),
    lastVersion(db, userId),
    db
      .select({ sequence: sql<number>`coalesce(max(${outbox.sequence}), 0)` })
      .from(outbox)
      .where(eq(outbox.aggregateId, userId)),
  ]);
  return {
    aggregateId: userId,
    tenant: user?.developerId ?? "",
    audience: user?.developerId ?? "",
    version: last?.version ?? 0,
    sequence: told?.sequence ?? 0,
    user,
    customers: customerRows,
    methods,
    effects,
  };
}

/** A shopper's usable methods, newest first. */
export function selectPaymentMethods(db: Database, userId: string) {
  return db
    .select()
    .from(paymentMethods)
    .where(and(eq(paymentMethods.userId, userId), inArray(paymentMethods.state, ["active", "removing"])))
    .orderBy(desc(paymentMethods.id));
}

/** The method with our id, whoever's it is. */
export function selectPaymentMethod(db: Database, id: string) {
  return db.select().from(paymentMethods).where(eq(paymentMethods.id, id));
}

export function insertPaymentMethod(db: Database, row: PaymentMethod): Statement {
  return db.insert(paymentMethods).values(row);
}

export function updatePaymentMethod(
  db: Database,
  { userId, id }: Pick<PaymentMethod, "userId" | "id">,
  changes: Partial<Omit<PaymentMethod, "userId" | "id" | "createdAt">>,
): Statement {
  return db
    .update(paymentMethods)
    .set(changes)
    .where(and(eq(paymentMethods.userId, userId), eq(paymentMethods.id, id)));
}

/** Takes the preference away from whichever method has it, before another gets it in the same batch. */
export function clearPreferred(db: Database, userId: string): Statement {
  return db
    .update(paymentMethods)
    .set({ preferred: false })
    .where(and(eq(paymentMethods.userId, userId), eq(paymentMethods.preferred, true)));
}

export function insertCustomer(db: Database, row: Customer): Statement {
  return db.insert(customers).values(row).onConflictDoNothing();
}
