import { desc, isNotNull, sql } from "drizzle-orm";
import { selectCursor } from "../cursors";
import type { Database } from "../database";
import * as due from "../due";
import { settlementDays, transfers, transferWebhooks, webhookDeliveries, webhookEndpoints } from "../schema";
import { wanted } from "../webhooks/tables";
import { sweepEnded } from "./waiting-queries";

/** The most rows of a kind that are counted: one more than is shown. */
export const countedMax = 101;

/**
 * Reads how much is due at a moment and since when, by kind, and how the sweep, settlement and deliveries stand. One
 * round trip, which reads nothing of a kind that has nothing due.
 */
export async function readPulse(db: Database, nowMs: number) {
  const dueOf = (table: typeof webhookDeliveries | typeof transferWebhooks, condition = sql`true`) =>
    db
      .select({ dueAt: table.dueAt })
      .from(table)
      .where(sql`${table.dueAt} <= ${nowMs} and ${condition}`)
      .orderBy(table.dueAt)
      .limit(countedMax);
  const [ended, days, off, failed, ...lists] = await db.batch([
    selectCursor(db, sweepEnded),
    db.select().from(settlementDays).orderBy(desc(settlementDays.day)).limit(1),
    db
      .select({ id: webhookEndpoints.id })
      .from(webhookEndpoints)
      .where(isNotNull(webhookEndpoints.disabledAt))
      .limit(countedMax),
    db
      .select({ eventId: webhookDeliveries.eventId })
      .from(webhookDeliveries)
      .where(sql`${webhookDeliveries.state} = 'failed'`)
      .limit(countedMax),
    due.selectDueCalls(db, nowMs, countedMax),
    due.selectDueEvents(db, nowMs, countedMax),
    due.selectDueCheckouts(db, nowMs, countedMax),
    due.selectDueOpenCheckouts(db, nowMs, countedMax),
    due.selectDuePayouts(db, nowMs, countedMax),
    due.selectDueRefunds(db, nowMs, countedMax),
    due.selectDuePayoutAccounts(db, nowMs, countedMax),
    due.selectDueConnectedAccounts(db, nowMs, countedMax),
    due.selectDuePayments(db, nowMs, countedMax),
    due.selectDueUnpaidPayments(db, nowMs, countedMax),
    db
      .select({ dueAt: transfers.expiresAt })
      .from(transfers)
      .where(sql`${transfers.state} = 'AWAITING_ACCEPTANCE' and ${transfers.expiresAt} <= ${nowMs}`)
      .orderBy(transfers.expiresAt)
      .limit(countedMax),
    dueOf(webhookDeliveries, sql.raw(wanted)),
    dueOf(transferWebhooks),
  ]);
  const found = lists.map((rows) => ({ count: rows.length, oldest: rows[0]?.dueAt ?? null }));
  return {
    sweptAt: ended[0]?.movedAt ?? null,
    settledDay: days[0]?.day ?? null,
    endpointsOff: off.length,
    failedDeliveries: failed.length,
    due: dueKinds.map((kind, at) => ({ kind, ...(found[at] ?? { count: 0, oldest: null }) })),
  };
}

/** The kinds of rows that can be due, in the order in which it is read. */
export const dueKinds = [
  "stripe_call",
  "stripe_event",
  "checkout",
  "open_checkout",
  "payout",
  "refund",
  "payout_account",
  "connected_account",
  "payment",
  "unpaid_payment",
  "transfer",
  "delivery",
  "transfer_webhook",
] as const;
