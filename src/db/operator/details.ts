import { type AnyColumn, and, eq, getTableColumns, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import type { SelectedFields, SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { isId } from "../../domain/id";
import type { Database } from "../database";
import { integerText } from "../grown-total";
import { orders, paymentDisputes, paymentMethods, paymentRefunds, payments } from "../payments/tables";
import {
  attention,
  checkouts,
  disputes,
  offers,
  outbox,
  payoutAccounts,
  payouts,
  postings,
  refunds,
  settlementBatches,
  settlementEntries,
  stripeEffects,
  stripeEvents,
  testimonies,
  transfers,
  transferWebhooks,
  users,
  walletEntries,
  webhookAttempts,
  webhookDeliveries,
} from "../schema";
import { beforeAllSince, behindAllUntil } from "../transfers/entry-place";
import type { WalletKey } from "../transfers/wallets";
import {
  batchFields,
  callFields,
  columnsBut,
  deliveryList,
  paymentList,
  recordList,
  testimonyList,
  transferList,
} from "./lists";
import type { Row } from "./page-of-list";

/** The rows of one table that belong to what a detail shows. */
interface Part {
  table: SQLiteTable;
  fields: Record<string, AnyColumn | SQL.Aliased>;
  where: (id: string) => SQL | undefined;
  groupBy?: SQLiteColumn[];
}

/** The parts of one thing that an operator is shown: the thing itself is the first part. */
export type Detail = Readonly<Record<string, Part>>;

/** The most rows of a part; more than anything has that one person decides about. */
const rowsMax = 500;

/** Makes the statements that read a detail. */
export function selectParts(db: Database, detail: Detail, id: string) {
  return Object.values(detail).map(({ table, fields, where, groupBy }) => {
    const selected = db
      .select(fields as SelectedFields)
      .from(table)
      .where(where(id))
      .limit(rowsMax)
      .$dynamic();
    return groupBy ? selected.groupBy(...groupBy) : selected;
  });
}

/** Names the rows of the statements again. Returns undefined if the thing does not exist. */
export function partsOf(detail: Detail, read: readonly unknown[]): Record<string, Row[]> | undefined {
  const parts = Object.fromEntries(Object.keys(detail).map((name, at) => [name, read[at] as Row[]]));
  return (read[0] as Row[]).length > 0 ? parts : undefined;
}

/** Makes the parts of everything that the books, Stripe and the operator know of an aggregate. */
function ofAggregate(idOf: (id: string) => unknown) {
  const isOf = (column: AnyColumn) => (id: string) => sql`${column} = ${idOf(id)}`;
  return {
    calls: {
      table: stripeEffects,
      fields: callFields,
      where: (id) => and(isOf(stripeEffects.aggregateId)(id), isNotNull(stripeEffects.dueAt)),
    },
    attention: {
      table: attention,
      fields: columnsBut(attention, "clearedAt", "clearedBy", "clearedNote"),
      where: (id) => and(isOf(attention.aggregateId)(id), isNull(attention.clearedAt)),
    },
    balances: {
      table: postings,
      fields: {
        account: postings.account,
        currency: postings.currency,
        amountMinor: sql<number>`sum(${postings.amountMinor})`.as("sum_minor"),
      },
      where: isOf(postings.aggregateId),
      groupBy: [postings.account, postings.currency],
    },
  } satisfies Detail;
}

const personFields = {
  id: users.id,
  role: users.role,
  email: users.email,
  suspendedAt: users.suspendedAt,
  createdAt: users.createdAt,
};

export const testimonyDetail = {
  testimony: { table: testimonies, fields: testimonyList.fields, where: (id) => eq(testimonies.id, id) },
  people: {
    table: users,
    fields: personFields,
    where: (id) => sql`${users.id} in (select client_id from testimonies where id = ${id}
      union select expert_id from offers where testimony_id = ${id})`,
  },
  offers: { table: offers, fields: columnsBut(offers, "notes"), where: (id) => eq(offers.testimonyId, id) },
  checkouts: {
    table: checkouts,
    fields: columnsBut(checkouts, "input", "url", "payable"),
    where: (id) => eq(checkouts.testimonyId, id),
  },
  payouts: { table: payouts, fields: getTableColumns(payouts), where: (id) => eq(payouts.testimonyId, id) },
  refunds: { table: refunds, fields: getTableColumns(refunds), where: (id) => eq(refunds.testimonyId, id) },
  disputes: { table: disputes, fields: getTableColumns(disputes), where: (id) => eq(disputes.testimonyId, id) },
  payoutAccounts: {
    table: payoutAccounts,
    fields: getTableColumns(payoutAccounts),
    where: (id) => sql`${payoutAccounts.userId} = (select expert_id from testimonies where id = ${id})`,
  },
  ...ofAggregate((id) => id),
} satisfies Detail;

/** Selects our id of the payment that is named by it, or by its id at Stripe. */
const paymentId = (id: string) =>
  isId(id) ? sql`${id}` : sql`(select aggregate_id from stripe_objects where stripe_id = ${id})`;

const ofPayment = (column: string, id: string) =>
  sql`(select ${sql.raw(column)} from payments where id = ${paymentId(id)})`;

export const paymentDetail = {
  payment: { table: payments, fields: paymentList.fields, where: (id) => sql`${payments.id} = ${paymentId(id)}` },
  orders: {
    table: orders,
    fields: getTableColumns(orders),
    where: (id) =>
      sql`(${orders.developerId}, ${orders.appId}, ${orders.orderId}) = ${ofPayment("developer_id, app_id, order_id", id)}`,
  },
  methods: {
    table: paymentMethods,
    fields: columnsBut(paymentMethods, "givenId", "fingerprint"),
    where: (id) =>
      sql`${paymentMethods.userId} = ${ofPayment("user_id", id)} and ${paymentMethods.stripeId} = ${ofPayment("payment_method_id", id)}`,
  },
  refunds: {
    table: paymentRefunds,
    fields: columnsBut(paymentRefunds, "requestKey"),
    where: (id) => sql`${paymentRefunds.paymentId} = ${paymentId(id)}`,
  },
  disputes: {
    table: paymentDisputes,
    fields: getTableColumns(paymentDisputes),
    where: (id) => sql`${paymentDisputes.paymentId} = ${paymentId(id)}`,
  },
  ...ofAggregate(paymentId),
} satisfies Detail;

const ofTransfer = (column: string, reference: string) =>
  sql`(select ${sql.raw(column)} from transfers where reference = ${reference})`;

/** The condition of a transfer's entry in the wallet of one of its sides. */
function isEntry(side: "sender_app_id" | "receiver_app_id", reference: string): SQL | undefined {
  const [application, currency] = [ofTransfer(side, reference), ofTransfer("currency", reference)];
  const key = { applicationId: application, currency } as unknown as WalletKey;
  const acceptedAt = ofTransfer("accepted_at", reference);
  return and(
    sql`${walletEntries.applicationId} = ${application} and ${walletEntries.currency} = ${currency}`,
    sql`${walletEntries.sequence} > ${beforeAllSince(key, acceptedAt)}`,
    sql`${walletEntries.sequence} <= ${behindAllUntil(key, acceptedAt)}`,
    eq(walletEntries.reference, reference),
  );
}

export const transferDetail = {
  transfer: { table: transfers, fields: transferList.fields, where: (reference) => eq(transfers.reference, reference) },
  entries: {
    table: walletEntries,
    fields: getTableColumns(walletEntries),
    where: (reference) => or(isEntry("sender_app_id", reference), isEntry("receiver_app_id", reference)),
  },
  webhooks: {
    table: transferWebhooks,
    fields: recordList.fields,
    where: (reference) => eq(transferWebhooks.reference, reference),
  },
} satisfies Detail;

export const stripeEventDetail = {
  event: { table: stripeEvents, fields: getTableColumns(stripeEvents), where: (id) => eq(stripeEvents.id, id) },
} satisfies Detail;

const isOfDelivery = (of: typeof webhookDeliveries | typeof webhookAttempts) => (id: string) => {
  const [endpointId = "", eventId = ""] = id.split(".");
  return and(eq(of.endpointId, endpointId), eq(of.eventId, eventId));
};

export const deliveryDetail = {
  delivery: { table: webhookDeliveries, fields: deliveryList.fields, where: isOfDelivery(webhookDeliveries) },
  attempts: { table: webhookAttempts, fields: getTableColumns(webhookAttempts), where: isOfDelivery(webhookAttempts) },
  events: {
    table: outbox,
    fields: getTableColumns(outbox),
    where: (id) => {
      const place = sql`(select aggregate_id, sequence from webhook_deliveries where ${isOfDelivery(webhookDeliveries)(id)})`;
      return sql`(${outbox.aggregateId}, ${outbox.sequence}) = ${place}`;
    },
  },
} satisfies Detail;

// A closed day closes every day before it, too.
const closedAt = sql`(select closed_at from settlement_days d where d.day >= ${settlementBatches}.day order by d.day limit 1)`;

export const settlementDayDetail = {
  day: {
    table: settlementBatches,
    fields: { day: settlementBatches.day, closedAt: closedAt.as("closed_at") },
    where: (day) => eq(settlementBatches.day, day),
  },
  batches: { table: settlementBatches, fields: batchFields, where: (day) => eq(settlementBatches.day, day) },
  entries: {
    table: settlementEntries,
    fields: {
      applicationId: settlementEntries.applicationId,
      applicationName: settlementEntries.applicationName,
      currency: settlementEntries.currency,
      netAmount: integerText(settlementEntries.netAmount).as("net_text"),
      openingBalance: integerText(settlementEntries.openingBalance).as("opening_text"),
      closingBalance: integerText(settlementEntries.closingBalance).as("closing_text"),
      transactionCount: settlementEntries.transactionCount,
    },
    where: (day) => eq(settlementEntries.day, day),
  },
} satisfies Detail;
