import { and, eq, inArray, sql } from "drizzle-orm";
import { isId, timeOf } from "../domain/id";
import type { Database, Statement } from "./database";
import { apps } from "./developer-tables";
import { madeAround } from "./made-around";
import { customers, orders, paymentDisputes, paymentMethods, paymentRefunds, payments } from "./payment-tables";
import type { OrderKey } from "./payments";
import {
  checkouts,
  journal,
  notifications,
  offers,
  payouts,
  refunds,
  settlementBatches,
  settlementEntries,
  stripeEffects,
  stripeEvents,
  stripeObjects,
  transfers,
  transferWebhooks,
  walletEntries,
  wallets,
  webhookDeliveries,
  webhookEndpoints,
} from "./schema";

/** A row of each of the answers: the aggregate that an id leads to. */
export interface Named {
  aggregateId: string | null;
}

/** More payments than an order ever has that were tried one after the other. */
const paymentsMax = 19;

/** When a request was made, where its id does not say: until when changes may have come of it. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

/** As many as one request ever changes. */
const changedMax = 20;

/**
 * Statements that find the aggregates which an id that a person holds leads to: ours of whatever hangs on one, of a delivery,
 * of a call at Stripe (with its attempt's number: its idempotency key there) or of a request, Stripe's of any object that we
 * know, or a transfer's reference. Each is one search in an index, or among the rows that were made when the id was.
 */
export function aggregatesNamedBy(
  db: Database,
  id: string,
  requested: Span | undefined,
): readonly [Statement, ...Statement[]] {
  const [first = "", second = ""] = id.split(".");
  if (isId(id))
    return [...namedByUs(db, id), ...madeWith(db, id), ...(requested ? [changedBy(db, id, requested)] : [])];
  if (isId(first) && /^[a-z]{3}$/.test(second)) return [ofJournal(db, first)]; // what an expert owes
  if (isId(first) && isId(second)) return [ofDelivery(db, first, second)];
  if (isId(first) && /^\d+$/.test(second)) return [ofCall(db, first)];
  return [...namedByOthers(db, id), ...(requested ? [changedBy(db, id, requested)] : [])];
}

/** Every aggregate that a request has changed. */
function changedBy(db: Database, requestId: string, { fromMs, untilMs }: Span) {
  return db
    .selectDistinct({ aggregateId: journal.aggregateId })
    .from(journal)
    .where(and(madeAround(journal, journal.at, fromMs, untilMs), eq(journal.requestId, requestId)))
    .limit(changedMax);
}

function ofJournal(db: Database, id: string) {
  return db.select({ aggregateId: journal.aggregateId }).from(journal).where(eq(journal.aggregateId, id)).limit(1);
}

function ofDelivery(db: Database, endpointId: string, eventId: string) {
  return db
    .select({ aggregateId: webhookDeliveries.aggregateId })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.eventId, eventId)));
}

function ofCall(db: Database, id: string) {
  return db
    .select({ aggregateId: stripeEffects.aggregateId })
    .from(stripeEffects)
    .where(and(madeAround(stripeEffects, stripeEffects.createdAt, timeOf(id)), eq(stripeEffects.id, id)));
}

/** By ids that nothing else is looked for by, so that no index has them. */
function madeWith(db: Database, id: string): Statement[] {
  const wasMade = (table: typeof wallets | typeof walletEntries | typeof transferWebhooks | typeof settlementEntries) =>
    and(madeAround(table, table.createdAt, timeOf(id)), eq(table.id, id));
  return [
    ofCall(db, id),
    db.select({ aggregateId: wallets.applicationId }).from(wallets).where(wasMade(wallets)),
    db.select({ aggregateId: walletEntries.transferId }).from(walletEntries).where(wasMade(walletEntries)),
    db.select({ aggregateId: transferWebhooks.transferId }).from(transferWebhooks).where(wasMade(transferWebhooks)),
    db
      .select({ aggregateId: settlementBatches.id })
      .from(settlementEntries)
      .innerJoin(
        settlementBatches,
        and(
          eq(settlementBatches.day, settlementEntries.day),
          eq(settlementBatches.currency, settlementEntries.currency),
        ),
      )
      .where(wasMade(settlementEntries)),
    db
      .select({ aggregateId: sql<string | null>`${notifications.data} ->> 'testimonyId'` })
      .from(notifications)
      .where(and(madeAround(notifications, notifications.createdAt, timeOf(id)), eq(notifications.id, id))),
  ];
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
    ofJournal(db, id),
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

/** The same for an order of a developer's app: its own changes, and every payment that was tried for it. */
export function aggregatesOfOrder(db: Database, { developerId, appId, orderId }: OrderKey) {
  const isOfOrder = ({ developerId: developer, appId: app, orderId: order }: typeof orders | typeof payments) =>
    and(eq(developer, developerId), eq(app, appId), eq(order, orderId));
  return [
    db.select({ aggregateId: orders.id }).from(orders).where(isOfOrder(orders)),
    db.select({ aggregateId: payments.id }).from(payments).where(isOfOrder(payments)).limit(paymentsMax),
  ] as const;
}
