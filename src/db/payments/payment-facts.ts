import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../database";
import type { OrderKey, Payment } from "./payments";
import { payments } from "./tables";

/** The part of a payment that the lists of refunds and disputes show. */
export type PaymentFacts = Pick<Payment, "id" | "stripeId" | "userId" | "orderId" | "appId" | "stripeAccountId">;

/** The same as fields, each with a name of its own, because a batch returns columns of the same name as one. */
export const paymentFacts = {
  id: sql<string>`${payments.id}`.as("its_payment"),
  stripeId: sql<string | null>`${payments.stripeId}`.as("its_stripe_id"),
  userId: sql<string>`${payments.userId}`.as("its_user"),
  orderId: sql<string>`${payments.orderId}`.as("its_order"),
  appId: sql<string>`${payments.appId}`.as("its_app"),
  stripeAccountId: sql<string>`${payments.stripeAccountId}`.as("its_account"),
};

/** Returns the condition on the payment of a refund or dispute; undefined if any will do. */
export function isOfPayment({
  userId,
  accountId,
}: {
  userId?: string | undefined;
  accountId?: string | undefined;
}): SQL | undefined {
  return and(
    userId === undefined ? undefined : eq(payments.userId, userId),
    accountId === undefined ? undefined : eq(payments.stripeAccountId, accountId),
  );
}

/** Statement: our ids of an order's payments. */
export function idsOfOrder(db: Database, { developerId, appId, orderId }: OrderKey) {
  return db
    .select({ id: payments.id })
    .from(payments)
    .where(and(eq(payments.developerId, developerId), eq(payments.appId, appId), eq(payments.orderId, orderId)));
}
