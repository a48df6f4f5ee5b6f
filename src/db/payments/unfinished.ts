import { and, eq, isNotNull } from "drizzle-orm";
import type { Database } from "../database";
import { stripeEffects } from "../schema";
import { paymentDisputes, paymentRefunds } from "./tables";

/** Reads everything about a payment that may not have ended, in one round trip. */
export async function readUnfinished(db: Database, paymentId: string) {
  const [refunds, disputes, calls] = await db.batch([
    db.select().from(paymentRefunds).where(eq(paymentRefunds.paymentId, paymentId)),
    db.select().from(paymentDisputes).where(eq(paymentDisputes.paymentId, paymentId)),
    db
      .select()
      .from(stripeEffects)
      .where(and(eq(stripeEffects.aggregateId, paymentId), isNotNull(stripeEffects.dueAt))),
  ]);
  return { refunds, disputes, calls: calls.map(({ id, ...call }) => ({ ...call, callId: id })) };
}
