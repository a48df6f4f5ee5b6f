import { and, eq, inArray } from "drizzle-orm";
import { isId } from "../domain/id";
import type { Database, Statement } from "./database";
import { apps } from "./developer-tables";
import { customers, orders, paymentDisputes, paymentMethods, paymentRefunds, payments } from "./payment-tables";
import type { OrderKey } from "./payments";
import {
  checkouts,
  journal,
  offers,
  payouts,
  refunds,
  stripeEvents,
  stripeObjects,
  transfers,
  webhookDeliveries,
  webhookEndpoints,
} from "./schema";

/** A row of each of the answers: the aggregate that an id leads to. */
export interface Named {
  aggregateId: string | null;
}

/** More payments than an order ever has that were tried one after the other. */
const paymentsMax = 19;

/**
 * Statements that find the aggregates which an id that a person holds leads to: ours of whatever hangs on one, Stripe's of
 * any object that we know, or a transfer's reference. Each is one search in an index.
 */
export function aggregatesNamedBy(db: Database, id: string): readonly [Statement, ...Statement[]] {
  return isId(id) ? namedByUs(db, id) : namedByOthers(db, id);
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
    db.select({ aggregateId: journal.aggregateId }).from(journal).where(eq(journal.aggregateId, id)).limit(1),
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
