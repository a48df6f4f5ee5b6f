import { and, desc, eq, inArray, not, type SQL, sql } from "drizzle-orm";
import { isId } from "../../domain/id";
import { type CreatedRange, type CursorPage, isCreatedIn, isIdCreatedIn, type Part } from "../cursor-page";
import type { Database } from "../database";
import { lookThrough, readLooked } from "../look-through";
import { stripeObjects } from "../schema";
import { type PaymentView, uncertain, viewOf } from "./payment-views";
import type { Payment } from "./payments";
import { payments } from "./tables";

/** The filters of a list of an app's payments. */
export interface PaymentFilter extends CreatedRange {
  developerId: string;
  appId: string;
  userId?: string | undefined;
  orderId?: string | undefined;
  /** The account's id at Stripe. */
  accountId?: string | undefined;
  /** The state as it is shown: `unknown`, whatever the state, while a call has an unknown outcome. */
  status?: Payment["state"] | "unknown" | undefined;
}

/**
 * The list that an index serves: an app's payments of a time, or the few of an order, whose ids must not be a reason for
 * SQLite to read the app's instead.
 */
function isListed({ developerId, appId, orderId, ...created }: PaymentFilter): SQL | undefined {
  return and(
    eq(payments.developerId, developerId),
    eq(payments.appId, appId),
    orderId === undefined
      ? isIdCreatedIn(payments.id, payments.createdAt, created)
      : and(eq(payments.orderId, orderId), isCreatedIn(payments.createdAt, created)),
  );
}

/** The rest of the filter, for which each payment is looked at; undefined if there is none. */
function matches({ userId, accountId, status }: PaymentFilter): SQL | undefined {
  return and(
    userId === undefined ? undefined : eq(payments.userId, userId),
    accountId === undefined ? undefined : eq(payments.stripeAccountId, accountId),
    status === undefined ? undefined : hasStatus(status),
  );
}

function hasStatus(status: Payment["state"] | "unknown") {
  return status === "unknown" ? uncertain : and(eq(payments.state, status), not(uncertain));
}

/** The column of the order. The plus keeps SQLite from reading all payments of the app if only one order's are wanted. */
function orderColumn({ orderId }: PaymentFilter) {
  return orderId === undefined ? payments.id : sql`+${payments.id}`;
}

/** Reads a page of an app's payments, newest first, by page number, with the total. */
export async function pageOfPayments(
  db: Database,
  filter: PaymentFilter,
  { page, perPage }: { page: number; perPage: number },
): Promise<{ rows: PaymentView[]; total: number }> {
  const where = and(isListed(filter), matches(filter));
  const [rows, [counted]] = await db.batch([
    db
      .select({ payment: payments, uncertain })
      .from(payments)
      .where(where)
      .orderBy(desc(orderColumn(filter)))
      .limit(perPage)
      .offset((page - 1) * perPage),
    db.select({ total: sql<number>`count(*)` }).from(payments).where(where),
  ]);
  return { rows: rows.map(viewOf), total: counted?.total ?? 0 };
}

/**
 * Reads a page of an app's payments by cursor, which is a transaction's id. Returns undefined if it is no transaction of
 * the app.
 */
export async function paymentsByCursor(
  db: Database,
  filter: PaymentFilter,
  page: CursorPage,
): Promise<Part<PaymentView> | undefined> {
  const named = (id: string) => ofTransaction(db, filter, id);
  const looking = {
    key: [orderColumn(filter)],
    place: page.cursor && sql`${named(page.cursor.id)}`,
    owned: isListed(filter),
    matches: matches(filter),
  };
  const fields = { payment: payments, uncertain };
  const rows = lookThrough<typeof payments, PaymentRow>(db, payments, page, looking, fields);
  const part = await readLooked<PaymentRow>(db, page, { named, rows }, ({ payment }) => payment.stripeId ?? payment.id);
  return part && { ...part, rows: part.rows.map(viewOf) };
}

type PaymentRow = Parameters<typeof viewOf>[0];

/** Statement: our id of the app's payment that callers know by this id. */
function ofTransaction(db: Database, { developerId, appId }: PaymentFilter, transactionId: string) {
  const { id, stripeId } = payments;
  const { aggregateId } = stripeObjects;
  const known = db.select({ aggregateId }).from(stripeObjects).where(eq(stripeObjects.stripeId, transactionId));
  const isNamed = isId(transactionId) ? eq(id, transactionId) : and(eq(stripeId, transactionId), inArray(id, known));
  return db
    .select({ id })
    .from(payments)
    .where(and(isNamed, eq(payments.developerId, developerId), eq(payments.appId, appId)));
}
