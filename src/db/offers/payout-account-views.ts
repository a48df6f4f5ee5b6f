import { eq } from "drizzle-orm";
import type { Database } from "../database";
import { payoutAccounts } from "../schema";

/** Reads an expert's connected account as Stripe described it last. Returns undefined if none was opened. */
export async function payoutAccountOf(db: Database, userId: string) {
  const [[account]] = await db.batch([
    db
      .select({ state: payoutAccounts.state, requirements: payoutAccounts.requirements })
      .from(payoutAccounts)
      .where(eq(payoutAccounts.userId, userId)),
  ]);
  return account;
}
