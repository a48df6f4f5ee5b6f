import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, notExists, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { attemptsMany, patienceMs, type WaitingKind } from "../../domain/attention";
import type { TestimonyState } from "../../domain/offers/testimony";
import { dayToSettle, startOf } from "../../domain/transfers/day";
import { testEvent } from "../../domain/webhooks/event";
import type { Database } from "../database";
import { appUsers, connectedAccounts } from "../payments/developer-tables";
import { payments } from "../payments/tables";
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
} from "../schema";

/*
 * These queries find what waits for a person, one query for each place, the longest waiting first. A partial index
 * serves each: a list costs the rows that it shows, whatever else there is.
 */

/** The name of the cursor that says when the clock's last run ended. */
export const sweepEnded = "sweep-ended";

/** The most rows of each place, for a list that a person reads. If a list is full, there may be more. */
export const waitingMax = 100;

/**
 * The columns of a payment beside what belongs to it. They have aliases, because a batch returns columns of the same
 * name as one.
 */
const ofPayment = {
  paymentId: sql<string | null>`${payments.id}`.as("payment_id"),
  developerId: sql<string | null>`${payments.developerId}`.as("payment_developer_id"),
  orderId: payments.orderId,
  userId: payments.userId,
  stripeAccountId: payments.stripeAccountId,
  stripeId: payments.stripeId,
};

/** The facts of a held payout: the holds, and how much of it its charge can still pay. */
const ofHeldPayout = {
  holds: payouts.holds,
  releasableMinor: sql<
    number | null
  >`min(${payouts.amountMinor} - ${payouts.loweredMinor}, ${payouts.coveredMinor})`.as("releasable_minor"),
};

/** Statement: reasons that have a row. */
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

/** Statement: payouts that have waited for long. Those that only a person can end have a row. */
export function selectWaitingPayouts(db: Database, nowMs: number) {
  const isShown = notExists(standing(db, payouts.testimonyId, "payout_held", payouts.id));
  return db
    .select()
    .from(payouts)
    .where(and(sql`${payouts.state} = 'held'`, lte(payouts.heldSince, nowMs - patienceMs.payout), isShown))
    .orderBy(asc(payouts.heldSince))
    .limit(waitingMax);
}

/** Statement: the debts of experts that have grown since an operator saw them. */
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

/**
 * Statement: Stripe calls that keep failing, or whose outcome has been unknown for long. Those that nobody can learn
 * have a row.
 */
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

/** Statement: events that we gave up. */
export function selectDeadEvents(db: Database) {
  const { id, type, objectId, failure, receivedAt } = stripeEvents;
  return db
    .select({ id, type, objectId, failure, receivedAt })
    .from(stripeEvents)
    .where(sql`${stripeEvents.state} = 'dead'`)
    .orderBy(asc(receivedAt))
    .limit(waitingMax);
}

/** Statement: endpoints that were disabled because of their health. */
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
 * Statement: endpoints with failed deliveries, and the first of these. The index is searched from endpoint to endpoint,
 * however many deliveries of each have failed.
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

/** Statement: the same for the transfers contract: applications, and the first failed record of each. */
export function selectFailedRecords(db: Database) {
  const { id, name } = applications;
  // A record fails minutes after it was made, never as late as an hour.
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

/** Statement: days whose credits and debits differ. */
export function selectFailedSettlements(db: Database) {
  const { day, currency, id, errorMessage, createdAt } = settlementBatches;
  return db
    .select({ day, currency, id, errorMessage, createdAt })
    .from(settlementBatches)
    .where(sql`${settlementBatches.status} = 'FAILED'`)
    .orderBy(asc(createdAt))
    .limit(waitingMax);
}

/**
 * Statement: cursors that should have been read to the end, and the sweep's last end, by the wall clock, as its trigger
 * runs.
 */
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

/** Selects the time until which a note has closed a reason that has no row of its own. */
function seenUntil(kind: WaitingKind, aggregateId: SQL): SQL {
  return sql`coalesce((select max(cleared_at) from attention where aggregate_id = ${aggregateId} and kind = ${kind}), 0)`;
}

/** Statement: the row of an open reason. */
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

/** Lists every value of an index's first column, each found by one search after the one before it. */
function eachOf(table: string, column: string, state: string): SQL {
  const first = (behind: string) =>
    `(select ${column} from ${table} where state = '${state}'${behind} order by ${column} limit 1)`;
  return sql.raw(`(with recursive each (value) as (
    select ${first("")} union all select ${first(` and ${column} > each.value`)} from each where each.value is not null)
    select value from each where value is not null limit ${waitingMax})`);
}
