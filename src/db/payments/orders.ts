import { and, eq, gt, sql } from "drizzle-orm";
import { dayMs } from "../../domain/time";
import type { Database, Statement } from "../database";
import { journal } from "../schema";
import { countUpTo, whileRoom } from "../while-room";
import type { OrderKey } from "./payments";
import { orders } from "./tables";

export type Order = typeof orders.$inferSelect;

/** Statement: the order with this key, if there is a snapshot of it. */
export function selectOrder(db: Database, { developerId, appId, orderId }: OrderKey) {
  return db.select().from(orders).where(isOrder({ developerId, appId, orderId }));
}

/** Statement: the version of the order's last change. */
export function selectOrderVersion(db: Database, { developerId, appId, orderId }: OrderKey) {
  return db
    .select({ version: sql<number>`coalesce(max(${journal.version}), 0)` })
    .from(orders)
    .innerJoin(journal, eq(journal.aggregateId, orders.id))
    .where(isOrder({ developerId, appId, orderId }));
}

/** Returns the position of an order's journal after its last change. An order publishes no events. */
export function orderPosition({ id, developerId }: Order, last: { version: number } | undefined) {
  return { aggregateId: id, tenant: developerId, audience: developerId, version: last?.version ?? 0, sequence: 0 };
}

/** The time for which an order counts that nobody begins to pay. */
const countedMs = 7 * dayMs;

/** Inserts an order, unless the app has as many of the last week that nobody has begun to pay. */
export function insertOrder(db: Database, row: Order, most: number): Statement {
  const { developerId, appId, createdAt, waiting } = orders;
  const isWaiting = and(
    eq(developerId, row.developerId),
    eq(appId, row.appId),
    sql`${waiting} = 1`,
    gt(createdAt, row.createdAt - countedMs),
  );
  const waits = sql`select 1 from ${orders} where ${isWaiting}`;
  return db.insert(orders).values({ ...row, createdAt: whileRoom(row.createdAt, most, countUpTo(most, waits)) });
}

export function updateOrder(
  db: Database,
  key: OrderKey,
  changes: Partial<
    Pick<
      Order,
      "state" | "waiting" | "accountId" | "stripeAccountId" | "currency" | "amountMinor" | "applicationFeeMinor"
    >
  > & { updatedAt: number },
): Statement {
  return db.update(orders).set(changes).where(isOrder(key));
}

function isOrder({ developerId, appId, orderId }: OrderKey) {
  return and(eq(orders.developerId, developerId), eq(orders.appId, appId), eq(orders.orderId, orderId));
}
