import { and, lte, sql } from "drizzle-orm";
import type { TransferErrand } from "../domain/errand";
import type { Database } from "./database";
import { transfers } from "./transfer-tables";
import { selectDueTransferWebhooks } from "./transfer-webhooks";

/** Like other deliveries, these are handed on by a sweep, not made: of each application as many as it may catch up with. */
const recordsMax = { each: 500, all: 2_000 };

/** Expirations are handed on, too: thousands may be due in the same second. */
const expirationsMax = 500;

/** What is due of transfers, in one round trip: those that nobody answered in time, and whom to tell. */
export async function loadDueTransfers(db: Database, nowMs: number) {
  const [overdue, records] = await db.batch([
    db
      .select({ reference: transfers.reference })
      .from(transfers)
      .where(and(sql`${transfers.state} = 'AWAITING_ACCEPTANCE'`, lte(transfers.expiresAt, nowMs)))
      .orderBy(transfers.expiresAt)
      .limit(expirationsMax),
    selectDueTransferWebhooks(db, nowMs, recordsMax),
  ]);
  return { overdue, errands: records.map((record): TransferErrand => ({ kind: "transfer", ...record })) };
}
