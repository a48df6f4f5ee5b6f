import { and, eq, inArray } from "drizzle-orm";
import { type CreatedRange, type CursorPage, isIdCreatedIn, pageById } from "../cursor-page";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import { stripeEffects, stripeObjects } from "../schema";
import { appUsers } from "./developer-tables";
import { customers, paymentMethods } from "./tables";

export type PaymentMethod = typeof paymentMethods.$inferSelect;
export type Customer = typeof customers.$inferSelect;

/** A shopper with customers, methods and pending Stripe calls, and the position of the shopper's journal. */
export type Shopper = Awaited<ReturnType<typeof loadShopper>>;

/**
 * Loads a shopper. Methods that were removed or refused stay in the table and are not read. `named` is the owner of the
 * method with Stripe's id `givenId`, as far as we know.
 */
export async function loadShopper(db: Database, userId: string, givenId = "") {
  const [[user], customerRows, methods, openEffects, [named], [last]] = await db.batch([
    db.select().from(appUsers).where(eq(appUsers.id, userId)),
    selectCustomers(db, userId),
    db
      .select()
      .from(paymentMethods)
      .where(
        and(eq(paymentMethods.userId, userId), inArray(paymentMethods.state, ["attaching", "active", "removing"])),
      ),
    db
      .select()
      .from(stripeEffects)
      .where(and(eq(stripeEffects.aggregateId, userId), eq(stripeEffects.state, "open"))),
    selectMethodOwner(db, givenId),
    lastPosition(db, userId),
  ]);
  return {
    aggregateId: userId,
    tenant: user?.developerId ?? "",
    audience: user?.developerId ?? "",
    version: last?.version ?? 0,
    sequence: last?.sequence ?? 0,
    customers: customerRows,
    methods,
    openEffects,
    named,
  };
}

function selectCustomers(db: Database, userId: string) {
  return db.select().from(customers).where(eq(customers.userId, userId));
}

/** Reads a page of a shopper's usable methods. The cursor may be one that is not usable any more. */
export function pageOfPaymentMethods(db: Database, userId: string, created: CreatedRange, page: CursorPage) {
  const { id, state, createdAt } = paymentMethods;
  const owned = eq(paymentMethods.userId, userId);
  const matches = and(eq(state, "active"), isIdCreatedIn(id, createdAt, created));
  return pageById(db, paymentMethods, { owned, matches }, page);
}

/** Statement: the method with our id, of any shopper and in any state. */
export function selectPaymentMethod(db: Database, id: string) {
  return db.select().from(paymentMethods).where(eq(paymentMethods.id, id));
}

/** The members of a stored method that a payment needs: its place at Stripe, and the shopper's customer there. */
export interface MethodToPayWith {
  id: string;
  stripeId: string;
  /** Empty for a method of the platform. */
  stripeAccountId: string;
  customerId: string | null;
}

/**
 * Finds the shopper's usable method that `given` names, by our id or by any id that it has had at Stripe. `isForeign`
 * means that it is known to be another shopper's. If neither is so, only Stripe may know it.
 */
export async function selectMethodForPayment(
  db: Database,
  { userId, given }: { userId: string; given: string },
): Promise<{ stored: MethodToPayWith | undefined; isForeign: boolean; isGone: boolean }> {
  const [[ours], [byStripe], customerRows] = await db.batch([
    selectPaymentMethod(db, given),
    db
      .select({ method: paymentMethods })
      .from(stripeObjects)
      .innerJoin(paymentMethods, eq(paymentMethods.id, stripeObjects.subjectId))
      .where(eq(stripeObjects.stripeId, given)),
    selectCustomers(db, userId),
  ]);
  const method = ours ?? byStripe?.method;
  const nothing = { stored: undefined, isForeign: false, isGone: false };
  if (method && method.userId !== userId) return { ...nothing, isForeign: true };
  if (method?.state === "gone") return { ...nothing, isGone: true };
  if (method?.state !== "active" || method.stripeId === null) return nothing;
  const { id, stripeId, stripeAccountId } = method;
  const customer = customerRows.find((one) => one.stripeAccountId === stripeAccountId);
  return { ...nothing, stored: { id, stripeId, stripeAccountId, customerId: customer?.stripeId ?? null } };
}

/** Statement: the shopper and our id of the method with this id at Stripe. */
export function selectMethodOwner(db: Database, stripeId: string) {
  return db.select().from(stripeObjects).where(eq(stripeObjects.stripeId, stripeId));
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

/** Deletes a customer that Stripe does not have any more, so that the shopper can have another. */
export function deleteCustomer(
  db: Database,
  { userId, stripeAccountId }: Pick<Customer, "userId" | "stripeAccountId">,
) {
  return db.delete(customers).where(and(eq(customers.userId, userId), eq(customers.stripeAccountId, stripeAccountId)));
}

export function insertCustomer(db: Database, row: Customer): Statement {
  return db.insert(customers).values(row);
}
