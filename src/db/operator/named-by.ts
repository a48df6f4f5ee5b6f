import { and, desc, eq, gt, inArray, isNotNull, lt, sql } from "drizzle-orm";
import { behindIdsOf, isId, timeOf } from "../../domain/id";
import { transfersOfSide } from "../../domain/transfers/side";
import type { Database, Statement } from "../database";
import { apps } from "../payments/developer-tables";
import type { OrderKey } from "../payments/payments";
import { customers, orders, paymentDisputes, paymentMethods, paymentRefunds, payments } from "../payments/tables";
import {
  checkouts,
  journal,
  offers,
  payouts,
  refunds,
  settlementBatches,
  settlementEntries,
  stripeEffects,
  stripeEvents,
  stripeObjects,
  transfers,
  wallets,
  webhookDeliveries,
  webhookEndpoints,
} from "../schema";

/** A row of each of the results: the aggregate that an id names. */
export interface Named {
  aggregateId: string | null;
}

/** The most payments of an order that are found; more than are ever tried one after the other. */
const paymentsMax = 19;

/** The most aggregates that one request ever changes. */
const changedMax = 20;

/**
 * The most of the latest changes or calls before a moment that are searched for an id which no index contains. Nothing
 * is searched for the id of an aggregate, which is all that links name.
 */
const lookedThroughMax = 20_000;

function limitUnlessAggregate(id: string) {
  const isAggregate = sql`exists (select 1 from ${journal} where ${journal.aggregateId} = ${id})`;
  return sql`(case when ${isAggregate} then 0 else ${lookedThroughMax} end)` as unknown as number;
}

/**
 * Makes statements that find the aggregates which an id in a person's hand names: our id of an aggregate or a part of
 * it, of a delivery, of a Stripe call (with its attempt's number: its idempotency key there) or of a request, Stripe's
 * id of an object that we know, or a transfer's reference. Each is one search in an index, except for calls and
 * requests, whose index would cost every insert a row: they are searched among the latest. `requestedUntilMs` is the
 * end of a request's changes.
 */
export function aggregatesNamedBy(
  db: Database,
  id: string,
  requestedUntilMs: number | undefined,
): readonly [Statement, ...Statement[]] {
  const [first = "", second = ""] = id.split(".");
  const ofRequest = requestedUntilMs === undefined ? [] : [changedBy(db, id, requestedUntilMs)];
  if (isId(id)) return [...namedByUs(db, id), ...ofRequest];
  if (isId(first) && isId(second)) return [ofDelivery(db, first, second)];
  if (isId(first) && /^\d+$/.test(second)) return [ofCall(db, first)];
  if (isId(first) && /^[a-z]{3}$/.test(second)) return [ofChanged(db, [first])]; // what an expert owes
  return [...namedByOthers(db, id), ...ofRequest];
}

/** Statement: the aggregates that a request has changed, among those that were made last before it ended. */
function changedBy(db: Database, requestId: string, untilMs: number) {
  const { aggregateId } = journal;
  const recent = db
    .select({ aggregateId, requestId: journal.requestId })
    .from(journal)
    .where(lt(aggregateId, behindIdsOf(untilMs)))
    .orderBy(desc(aggregateId))
    .limit(limitUnlessAggregate(requestId))
    .as("recent");
  return db
    .selectDistinct({ aggregateId: recent.aggregateId })
    .from(recent)
    .where(sql`instr('/' || ${recent.requestId} || '/', '/' || ${requestId} || '/') > 0`) // ours, the caller's, or both
    .limit(changedMax);
}

function ofDelivery(db: Database, endpointId: string, eventId: string) {
  return db
    .select({ aggregateId: webhookDeliveries.aggregateId })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.eventId, eventId)));
}

/** Statement: the aggregate of a call. It was made before the call, mostly shortly before. */
function ofCall(db: Database, id: string) {
  const { aggregateId } = stripeEffects;
  const recent = db
    .select({ aggregateId, id: stripeEffects.id })
    .from(stripeEffects)
    .where(lt(aggregateId, behindIdsOf(timeOf(id))))
    .orderBy(desc(aggregateId))
    .limit(limitUnlessAggregate(id))
    .as("recent");
  return db.select({ aggregateId: recent.aggregateId }).from(recent).where(eq(recent.id, id));
}

/** Statement: the aggregate of a pending call, by the id that an operator is shown. Pending calls are few. */
function ofOpenCall(db: Database, id: string) {
  const { aggregateId, dueAt } = stripeEffects;
  return db
    .select({ aggregateId })
    .from(stripeEffects)
    .where(and(isNotNull(dueAt), eq(stripeEffects.id, id)));
}

function ofChanged(db: Database, ids: readonly string[]) {
  return db
    .selectDistinct({ aggregateId: journal.aggregateId })
    .from(journal)
    .where(and(inArray(journal.aggregateId, [...ids]), eq(journal.version, 1)));
}

/**
 * Statement: the batch of a settlement position. The position's id has the batch's time and shard, and the wallet's own
 * part.
 */
function ofPosition(db: Database, id: string) {
  const start = id.slice(0, 18);
  const { id: batchId, day, currency } = settlementBatches;
  return db
    .select({ aggregateId: batchId })
    .from(settlementBatches)
    .innerJoin(settlementEntries, and(eq(settlementEntries.day, day), eq(settlementEntries.currency, currency)))
    .where(and(gt(batchId, start), lt(batchId, `${start}~`), eq(settlementEntries.id, id)));
}

function namedByUs(db: Database, id: string): readonly [Statement, ...Statement[]] {
  const event = db
    .select({ aggregateId: webhookDeliveries.aggregateId })
    .from(webhookDeliveries)
    .where(
      and(
        inArray(webhookDeliveries.endpointId, db.select({ id: webhookEndpoints.id }).from(webhookEndpoints)),
        eq(webhookDeliveries.eventId, id),
      ),
    )
    .limit(1);
  return [
    ofChanged(db, [id, ...transfersOfSide(id)]),
    ofOpenCall(db, id),
    ofCall(db, id),
    ofPosition(db, id),
    db.select({ aggregateId: wallets.applicationId }).from(wallets).where(eq(wallets.id, id)),
    db.select({ aggregateId: offers.testimonyId }).from(offers).where(eq(offers.id, id)),
    db.select({ aggregateId: checkouts.testimonyId }).from(checkouts).where(eq(checkouts.id, id)),
    db.select({ aggregateId: payouts.testimonyId }).from(payouts).where(eq(payouts.id, id)),
    db.select({ aggregateId: refunds.testimonyId }).from(refunds).where(eq(refunds.id, id)),
    db.select({ aggregateId: paymentRefunds.paymentId }).from(paymentRefunds).where(eq(paymentRefunds.id, id)),
    db.select({ aggregateId: paymentMethods.userId }).from(paymentMethods).where(eq(paymentMethods.id, id)),
    db.select({ aggregateId: apps.developerId }).from(apps).where(eq(apps.id, id)),
    event,
  ];
}

function namedByOthers(db: Database, id: string): readonly [Statement, ...Statement[]] {
  return [
    db.select({ aggregateId: transfers.id }).from(transfers).where(eq(transfers.reference, id)),
    db.select({ aggregateId: stripeObjects.aggregateId }).from(stripeObjects).where(eq(stripeObjects.stripeId, id)),
    db.select({ aggregateId: stripeEvents.aggregateId }).from(stripeEvents).where(eq(stripeEvents.id, id)),
    db.select({ aggregateId: payments.id }).from(payments).where(eq(payments.chargeId, id)),
    db.select({ aggregateId: paymentRefunds.paymentId }).from(paymentRefunds).where(eq(paymentRefunds.stripeId, id)),
    db.select({ aggregateId: paymentDisputes.paymentId }).from(paymentDisputes).where(eq(paymentDisputes.stripeId, id)),
    db.select({ aggregateId: customers.userId }).from(customers).where(eq(customers.stripeId, id)),
  ];
}

/** Makes the same for an order of a developer's app: its own aggregate, and every payment that was tried for it. */
export function aggregatesOfOrder(db: Database, { developerId, appId, orderId }: OrderKey) {
  const isOfOrder = ({ developerId: developer, appId: app, orderId: order }: typeof orders | typeof payments) =>
    and(eq(developer, developerId), eq(app, appId), eq(order, orderId));
  return [
    db.select({ aggregateId: orders.id }).from(orders).where(isOfOrder(orders)),
    db.select({ aggregateId: payments.id }).from(payments).where(isOfOrder(payments)).limit(paymentsMax),
  ] as const;
}
