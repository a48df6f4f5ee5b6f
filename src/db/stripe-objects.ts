import { inArray } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { stripeObjects } from "./schema";

/**
 * Records the aggregate that an object at Stripe belongs to, so that its events find it. Recording it twice is
 * harmless.
 */
export function noteStripeObject(
  db: Database,
  stripeId: string,
  owner: { aggregateId: string; subjectId: string },
): Statement {
  return db
    .insert(stripeObjects)
    .values({ stripeId, ...owner })
    .onConflictDoNothing();
}

/** Statement: the aggregates that these objects belong to. At most ten ids. */
export function selectOwners(db: Database, stripeIds: readonly string[]) {
  return db
    .select()
    .from(stripeObjects)
    .where(inArray(stripeObjects.stripeId, [...stripeIds]));
}
