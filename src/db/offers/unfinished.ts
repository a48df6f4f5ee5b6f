import { eq, sql } from "drizzle-orm";
import type { Database } from "../database";
import { checkouts, payoutAccounts, payouts, refunds } from "../schema";

/** Statements: everything about a testimony's money that may not have ended, and its expert's account. */
export function selectUnfinished(db: Database, testimonyId: string) {
  const isItsExperts = sql`${payoutAccounts.userId} = (select expert_id from testimonies where id = ${testimonyId})`;
  return [
    db.select().from(checkouts).where(eq(checkouts.testimonyId, testimonyId)),
    db.select().from(refunds).where(eq(refunds.testimonyId, testimonyId)),
    db.select().from(payouts).where(eq(payouts.testimonyId, testimonyId)),
    db.select().from(payoutAccounts).where(isItsExperts),
  ] as const;
}
