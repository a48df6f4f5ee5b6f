import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, notExists, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { attemptsMany, patienceMs, type WaitingKind } from "../domain/attention";
import { dayToSettle, startOf } from "../domain/day";
import { testEvent } from "../domain/event";
import type { TestimonyState } from "../domain/testimony";
import type { Database } from "./database";
import { appUsers, connectedAccounts } from "./developer-tables";
import { payments } from "./payment-tables";
import {
  applications,
  attention,
  cursors,
  payouts,
  receivables,
  settlementBatches,
  stripeEffects,
  stripeEvents,
  testimonies,
  webhookEndpoints,
} from "./schema";

/*
 * These queries find what waits for a person, one a place, the longest waiting first. Each is served by a partial index: a
 * list costs the rows that it shows, whatever else there is.
 */

/** The cursor that says when the clock's last run ended. */
export const sweepEnded = "sweep-ended";

/** So many of each place: a list for a person. Where one is full, there may be more. */
export const waitingMax = 100;

/** A payment beside what hangs on it. By names of their own: in a batch, columns of one name would be one. */
const ofPayment = {
  paymentId: sql<string | null>`${payments.id}`.as("payment_id"),
  developerId: sql<string | null>`${payments.developerId}`.as("payment_developer_id"),
  orderId: payments.orderId,
  userId: payments.userId,
  stripeAccountId: payments.stripeAccountId,
  stripeId: payments.stripeId,
};

/** A payout beside the reason to look at it: why it waits, and how much of it its charge can still pay. */
const ofHeldPayout = {
  holds: payouts.holds,
  releasableMinor: sql<
    number | null
  >`min(${payouts.amountMinor} - ${payouts.loweredMinor}, ${payouts.coveredMinor})`.as("releasable_minor"),
};

/** Reasons that have a row. */
export function selectReasons(db: Database) {
  return db
    .select({
      reason: attention,
      ...ofPayment,
      ...ofHeldPayout,
      expertId: testimonies.expertId,
      clientId: testimonies.clientId,
      testimonyState: sql<TestimonyState | null>`${testimonies.state}`.as("testimony_state"),
      accountOf: sql<string | null>`${connectedAccounts.developerId}`.as("account_developer_id"),
      email: connectedAccounts.email,
      shopperOf: sql<string | null>`${appUsers.developerId}`.as("shopper_developer_id"),
      appId: sql<string | null>`coalesce(${payments.appId}, ${appUsers.appId})`.as("any_app_id"),
    })
    .from(attention)
    .leftJoin(payments, eq(payments.id, attention.aggregateId))
    .leftJoin(testimonies, eq(testimonies.id, attention.aggregateId))
    .leftJoin(payouts, and(eq(payouts.testimonyId, attention.aggregateId), eq(payouts.id, attention.aboutId)))
    .leftJoin(connectedAccounts, eq(connectedAccounts.id, attention.aggregateId))
    .leftJoin(appUsers, eq(appUsers.id, attention.aggregateId))
    .where(isNull(attention.clearedAt))
    .orderBy(asc(attention.since))
    .limit(waitingMax);
}

/** Payouts that have waited for long; those that only a person ends have a row. */
export function selectWaitingPayouts(db: Database, nowMs: number) {
  const isShown = notExists(standing(db, payouts.testimonyId, "payout_held", payouts.id));
  return db
    .select()
    .from(payouts)
    .where(and(sql`${payouts.state} = 'held'`, lte(payouts.heldSince, nowMs - patienceMs.payout), isShown))
    .orderBy(asc(payouts.heldSince))
    .limit(waitingMax);
}

/** What experts owe us, since it last became more. */
export function selectDebts(db: Database) {
  const { userId, currency, remainingMinor } = receivables;
  const raisedAt = sql`(select max(at) from receivable_entries where user_id = receivables.user_id and kind = 'raise')`;
  return db
    .select({ userId, currency, remainingMinor, raisedAt: raisedAt.mapWith(Number).as("raised_at") })
    .from(receivables)
    .where(and(sql`remaining_minor > 0`, gt(raisedAt, seenUntil("expert_owes", sql`receivables.user_id`))))
    .orderBy(desc(remainingMinor))
    .limit(waitingMax);
}

/** Calls at Stripe that keep failing, or whose outcome is open for long. Those that nobody can learn have a row. */
export function selectFailingCalls(db: Database, nowMs: number) {
  const { aggregateId, id, kind, attempts, failure, dueAt, createdAt } = stripeEffects;
  const isShown = notExists(standing(db, aggregateId, "stripe_call_stuck", id));
  return db
    .select({
      ...{ aggregateId, id, kind, attempts, failure, dueAt, createdAt },
      ...ofPayment,
      amountMinor: payments.amountMinor,
      currency: payments.currency,
    })
    .from(stripeEffects)
    .leftJoin(payments, eq(payments.id, aggregateId))
    .where(
      and(isNotNull(dueAt), or(sql`${attempts} >= ${attemptsMany}`, lte(createdAt, nowMs - patienceMs.call)), isShown),
    )
    .limit(waitingMax);
}

/** Events that were given up. */
export function selectDeadEvents(db: Database) {
  const { id, type, objectId, failure, receivedAt } = stripeEvents;
  return db
    .select({ id, type, objectId, failure, receivedAt })
    .from(stripeEvents)
    .where(sql`${stripeEvents.state} = 'dead'`)
    .orderBy(asc(receivedAt))
    .limit(waitingMax);
}

/** Endpoints that were switched off by their health. */
export function selectDisabledEndpoints(db: Database) {
  const { id, owner, url, disabledReason, disabledAt } = webhookEndpoints;
  return db
    .select({ id, owner, url, disabledReason, disabledAt })
    .from(webhookEndpoints)
    .where(and(isNotNull(disabledAt), gt(disabledAt, seenUntil("endpoint_disabled", sql`webhook_endpoints.id`))))
    .orderBy(asc(disabledAt))
    .limit(waitingMax);
}

/**
 * Endpoints with messages that they never took, and since which one. The index is walked from endpoint to endpoint, however
 * many messages each has failed.
 */
export function selectFailedDeliveries(db: Database) {
  const { id, owner, url } = webhookEndpoints;
  const seen = seenUntil("deliveries_failed", sql`webhook_endpoints.id`);
  const failed = (column: string) => sql`(select ${sql.raw(column)} from webhook_deliveries
    where endpoint_id = webhook_endpoints.id and state = 'failed' and type <> ${testEvent} and failed_at > ${seen}
    order by event_id limit 1)`;
  return db
    .select({
      ...{ id, owner, url },
      eventId: failed("event_id").mapWith(String).as("event_id"),
      failedAt: failed("failed_at").mapWith(Number).as("failed_at"),
      forgottenAt: failed("due_at").mapWith(Number).as("forgotten_at"),
    })
    .from(webhookEndpoints)
    .where(and(inArray(id, eachOf("webhook_deliveries", "endpoint_id", "failed")), isNotNull(failed("event_id"))));
}

/** The same for the transfers contract: applications, and the first record that each never took. */
export function selectFailedRecords(db: Database) {
  const { id, name } = applications;
  // A record fails minutes after it was made, and never an hour.
  const seen = seenUntil("transfer_webhooks_failed", sql`applications.id`);
  const failed = (column: string) => sql`(select ${sql.raw(column)} from transfer_webhooks
    where application_id = applications.id and state = 'FAILED' and created_at > ${seen} - 3600000 and updated_at > ${seen}
    order by created_at, reference limit 1)`;
  return db
    .select({
      ...{ id, name },
      recordId: failed("id").mapWith(String).as("record_id"),
      failedAt: failed("updated_at").mapWith(Number).as("failed_at"),
      lastError: failed("last_error").as("last_error"),
    })
    .from(applications)
    .where(and(inArray(id, eachOf("transfer_webhooks", "application_id", "FAILED")), isNotNull(failed("id"))));
}

/** Days whose credits and debits differ. */
export function selectFailedSettlements(db: Database) {
  const { day, currency, id, errorMessage, createdAt } = settlementBatches;
  return db
    .select({ day, currency, id, errorMessage, createdAt })
    .from(settlementBatches)
    .where(sql`${settlementBatches.status} = 'FAILED'`)
    .orderBy(asc(createdAt))
    .limit(waitingMax);
}

/** How far lists are read that should be read to the end, and when the sweep last ended: by the wall's clock, as its trigger runs. */
export function selectLateCursors(db: Database, nowMs: number, wallMs: number) {
  const isBehind = or(
    and(inArray(cursors.name, ["stripe-events", "stripe-fees"]), lt(cursors.value, nowMs - patienceMs.cursor)),
    and(eq(cursors.name, "settlement"), lt(cursors.value, startOf(dayToSettle(nowMs - patienceMs.cursor)))),
    and(eq(cursors.name, sweepEnded), lt(cursors.movedAt, wallMs - patienceMs.sweep)),
  );
  return db
    .select({ name: cursors.name, value: cursors.value, movedAt: cursors.movedAt })
    .from(cursors)
    .where(isBehind);
}

/** Until when a note has ended what has no row of its own. */
function seenUntil(kind: WaitingKind, aggregateId: SQL): SQL {
  return sql`coalesce((select max(cleared_at) from attention where aggregate_id = ${aggregateId} and kind = ${kind}), 0)`;
}

/** The row of a reason that stands. */
function standing(db: Database, aggregateId: SQLiteColumn, kind: WaitingKind, aboutId: SQLiteColumn) {
  return db
    .select({ one: sql`1` })
    .from(attention)
    .where(
      and(
        eq(attention.aggregateId, aggregateId),
        eq(attention.kind, kind),
        eq(attention.aboutId, aboutId),
        isNull(attention.clearedAt),
      ),
    );
}

/** Every value of an index's first column, each found by one search behind the one before it. */
function eachOf(table: string, column: string, state: string): SQL {
  const first = (behind: string) =>
    `(select ${column} from ${table} where state = '${state}'${behind} order by ${column} limit 1)`;
  return sql.raw(`(with recursive each (value) as (
    select ${first("")} union all select ${first(` and ${column} > each.value`)} from each where each.value is not null)
    select value from each where value is not null limit ${waitingMax})`);
}
