import { and, lte, type SQL, sql } from "drizzle-orm";
import type { TransferDeliveryJob } from "../../domain/webhooks/delivery-job";
import { selectCursor } from "../cursors";
import type { Database } from "../database";
import { cursors, transfers } from "../schema";
import { selectDueTransferWebhooks } from "./webhook-records";

/** The most delivery jobs of one run, for one application and for all. A sweep only enqueues them. */
const recordsMax = { each: 500, all: 2_000 };

/** A transfer that nobody answered in time. */
export interface Overdue {
  reference: string;
  expiresAt: number;
}

/**
 * Loads due work of transfers in one round trip: delivery jobs, and a page of transfers that nobody answered, from the
 * cursor on.
 */
export async function loadDueTransfers(db: Database, nowMs: number, page: { cursor: string; limit: number }) {
  const reached = sql`(select ${cursors.value} from ${cursors} where ${cursors.name} = ${page.cursor})`;
  const isReached = sql`${transfers.expiresAt} >= coalesce(${reached}, 0)`;
  const [records, [cursor], overdue] = await db.batch([
    selectDueTransferWebhooks(db, nowMs, recordsMax),
    selectCursor(db, page.cursor),
    selectOverdue(db, nowMs, isReached, page.limit),
  ]);
  const jobs = records.map((record): TransferDeliveryJob => ({ kind: "transfer", ...record }));
  return { jobs, overdue, reachedMs: cursor?.value ?? 0 };
}

/** Loads the page after one that was full. */
export async function loadMoreOverdue(db: Database, nowMs: number, last: Overdue, limit: number): Promise<Overdue[]> {
  const isLater = sql`(${transfers.expiresAt}, ${transfers.reference}) > (${last.expiresAt}, ${last.reference})`;
  const [overdue] = await db.batch([selectOverdue(db, nowMs, isLater, limit)]);
  return overdue;
}

function selectOverdue(db: Database, nowMs: number, isInReach: SQL, limit: number) {
  const { reference, expiresAt, state } = transfers;
  return db
    .select({ reference, expiresAt })
    .from(transfers)
    .where(and(sql`${state} = 'AWAITING_ACCEPTANCE'`, isInReach, lte(expiresAt, nowMs)))
    .orderBy(expiresAt, reference)
    .limit(limit);
}
