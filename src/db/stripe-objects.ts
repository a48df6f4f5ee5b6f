import { inArray } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { stripeObjects } from "./schema";

/** Notes which aggregate an object at Stripe belongs to, so that its events find it. Noting it twice is harmless. */
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

/** Which of our aggregates the objects belong to. At most ten ids. */
export function selectOwners(db: Database, stripeIds: readonly string[]) {
  return db
    .select()
    .from(stripeObjects)
    .where(inArray(stripeObjects.stripeId, [...stripeIds]));
}
