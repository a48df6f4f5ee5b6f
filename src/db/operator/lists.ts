import { and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { attemptsMany } from "../../domain/attention";
import { transfersOfSide } from "../../domain/transfers/side";
import type { Database } from "../database";
import { apps, connectedAccounts } from "../payments/developer-tables";
import { payments } from "../payments/tables";
import {
  settlementBatches,
  stripeEffects,
  testimonies,
  transfers,
  transferWebhooks,
  wallets,
  webhookDeliveries,
  webhookEndpoints,
} from "../schema";
import type { OperatorList } from "./page-of-list";

/*
 * The lists that operators read of everybody's rows. Conditions on partial indexes are written as text, because a bound
 * parameter does not match them.
 */

/** Returns a table's columns without some of them. */
export function columnsBut<T extends SQLiteTable, K extends keyof T["_"]["columns"] = never>(
  table: T,
  ...hidden: readonly K[]
): Omit<T["_"]["columns"], K> {
  const shown = { ...getTableColumns(table) } as T["_"]["columns"];
  for (const name of hidden) delete shown[name];
  return shown;
}

const isWaiting = sql`${testimonies.id} in (select aggregate_id from attention where cleared_at is null)`;

export const testimonyList: OperatorList = {
  table: testimonies,
  fields: columnsBut(testimonies, "realEstate", "notes"),
  name: [testimonies.id],
  created: testimonies.createdAt,
  filters: {
    state: testimonies.state,
    client: testimonies.clientId,
    expert: testimonies.expertId,
    region: testimonies.region,
    attention: isWaiting,
  },
  owned({ client, expert, attention }) {
    if (client !== undefined) return eq(testimonies.clientId, client as string);
    if (expert !== undefined) return eq(testimonies.expertId, expert as string);
    return attention === true ? isWaiting : undefined;
  },
};

const isUncertain = sql`${payments.id} in (select aggregate_id from stripe_effects where due_at is not null and attempts > 0)`;

/** The most payments that are looked at for an order's id, which many apps may use. */
const ofOneOrderMax = 999;

export const paymentList: OperatorList = {
  table: payments,
  fields: columnsBut(payments, "clientSecret", "nextAction", "receiptEmail"),
  name: [payments.id],
  // The plus keeps SQLite from reading all payments of the app if only one order's are wanted.
  order: ({ app, order_id: orderId }) => (app && orderId ? [sql`+${payments.id}`] : [payments.id]),
  created: payments.createdAt,
  filters: {
    developer: payments.developerId,
    app: payments.appId,
    account: payments.accountId,
    order_id: payments.orderId,
    state: payments.state,
    uncertain: isUncertain,
  },
  owned({ app, order_id: orderId, uncertain }) {
    if (app === undefined && orderId !== undefined) {
      const ofOrder = sql`select id from payments where order_id = ${orderId} limit ${ofOneOrderMax}`;
      return sql`${payments.id} in (${ofOrder})`;
    }
    if (app !== undefined) {
      const developerId = sql`(select ${apps.developerId} from ${apps} where ${apps.id} = ${app})`;
      const isOfOrder = orderId === undefined ? undefined : eq(payments.orderId, orderId as string);
      return and(sql`${payments.developerId} = ${developerId}`, eq(payments.appId, app as string), isOfOrder);
    }
    return uncertain === true ? isUncertain : undefined;
  },
};

/** By the end of their window while they wait, and an application's by the time of their beginning. */
export const transferList: OperatorList = {
  table: transfers,
  fields: columnsBut(transfers, "callbackUrl", "externalId", "metadata"),
  name: [transfers.reference],
  order: ({ sender, receiver }) => [
    sender === undefined && receiver === undefined ? transfers.expiresAt : transfers.createdAt,
    transfers.reference,
  ],
  created: transfers.createdAt,
  filters: {
    sender: transfers.senderAppId,
    receiver: transfers.receiverAppId,
    state: transfers.state,
    currency: transfers.currency,
  },
  owned({ sender, receiver }) {
    if (sender !== undefined) return eq(transfers.senderAppId, sender as string);
    if (receiver !== undefined) return eq(transfers.receiverAppId, receiver as string);
    return sql`${transfers.state} = 'AWAITING_ACCEPTANCE'`;
  },
};

export const accountList: OperatorList = {
  table: connectedAccounts,
  fields: columnsBut(connectedAccounts, "live", "eventsReadAt"),
  name: [connectedAccounts.id],
  created: connectedAccounts.createdAt,
  filters: { developer: connectedAccounts.developerId, state: connectedAccounts.state },
  owned: ({ developer }) =>
    developer === undefined ? undefined : eq(connectedAccounts.developerId, developer as string),
};

const isOfApplication = (application: unknown) => eq(wallets.applicationId, application as string);

export const walletList: OperatorList = {
  table: wallets,
  fields: columnsBut(wallets, "totalCreditedHigh", "totalCreditedLow", "totalDebitedHigh", "totalDebitedLow"),
  name: [wallets.id],
  order: () => [wallets.createdAt, wallets.currency],
  isNamed: (id, { application }) => and(isOfApplication(application), eq(wallets.id, id)),
  filters: { application: wallets.applicationId, currency: wallets.currency },
  required: ["application"],
  owned: ({ application }) => isOfApplication(application),
};

const { id: callId, ...ofCall } = columnsBut(stripeEffects, "look", "params");

export const callFields = { callId, ...ofCall };

/** Calls whose outcome is unknown, by the time at which they are looked at again; one that has ended, by its last. */
export const callList: OperatorList = {
  table: stripeEffects,
  fields: callFields,
  name: [stripeEffects.aggregateId, callId],
  order: () => [stripeEffects.dueAt, stripeEffects.aggregateId, callId],
  place: [sql`coalesce(${stripeEffects.dueAt}, ${stripeEffects.lastSentAt})`],
  created: stripeEffects.createdAt,
  filters: { kind: stripeEffects.kind, failing: sql`${stripeEffects.attempts} >= ${attemptsMany}` },
  owned: () => sql`${stripeEffects.dueAt} is not null`,
};

export const endpointList: OperatorList = {
  table: webhookEndpoints,
  fields: columnsBut(webhookEndpoints, "metadata"),
  name: [webhookEndpoints.id],
  created: webhookEndpoints.createdAt,
  filters: { owner: webhookEndpoints.owner, enabled: webhookEndpoints.enabled },
  owned: ({ owner }) => (owner === undefined ? undefined : eq(webhookEndpoints.owner, owner as string)),
};

// Not joined, because SQLite could then begin with the owner's endpoints, and give the rows in their order.
const ownerOfEndpoint = sql<
  string | null
>`(select owner from ${webhookEndpoints} where id = ${webhookDeliveries}.endpoint_id)`;

/** By their endpoints, the newest event of each first. */
export const deliveryList: OperatorList = {
  table: webhookDeliveries,
  fields: { ...columnsBut(webhookDeliveries, "version"), owner: ownerOfEndpoint.as("owner") },
  name: [webhookDeliveries.endpointId, webhookDeliveries.eventId],
  created: webhookDeliveries.createdAt,
  filters: {
    endpoint: webhookDeliveries.endpointId,
    owner: (owner) => sql`${ownerOfEndpoint} = ${owner}`,
    state: webhookDeliveries.state,
    type: webhookDeliveries.type,
  },
  owned: ({ endpoint, state }) =>
    and(
      endpoint === undefined ? undefined : eq(webhookDeliveries.endpointId, endpoint as string),
      state === "failed" ? sql`${webhookDeliveries.state} = 'failed'` : undefined,
    ),
};

/** Records that have failed, by their applications. */
export const recordList: OperatorList = {
  table: transferWebhooks,
  fields: columnsBut(transferWebhooks, "version", "applicationName"),
  name: [transferWebhooks.id],
  order: () => [
    transferWebhooks.applicationId,
    transferWebhooks.createdAt,
    transferWebhooks.reference,
    transferWebhooks.direction,
    transferWebhooks.eventType,
  ],
  isNamed: isRecord,
  created: transferWebhooks.createdAt,
  filters: {
    application: transferWebhooks.applicationId,
    direction: transferWebhooks.direction,
    event_type: transferWebhooks.eventType,
  },
  owned: ({ application }) =>
    and(
      sql`${transferWebhooks.state} = 'FAILED'`,
      application === undefined ? undefined : eq(transferWebhooks.applicationId, application as string),
    ),
};

/** Statement: the record with an id, of any application. */
export function selectRecord(db: Database, id: string) {
  return db.select().from(transferWebhooks).where(isRecord(id));
}

/** The condition of the record with an id. The first change of its transfer says under which reference it is stored. */
function isRecord(id: string): SQL | undefined {
  const ids = sql.join(
    transfersOfSide(id).map((one) => sql`${one}`),
    sql`, `,
  );
  const references = sql`(select data ->> 'reference' from journal where aggregate_id in (${ids}) and version = 1)`;
  return and(sql`${transferWebhooks.reference} in ${references}`, eq(transferWebhooks.id, id));
}

/** The totals are left out: a number does not hold all of their digits. */
export const batchFields = columnsBut(
  settlementBatches,
  "totalCreditedHigh",
  "totalCreditedLow",
  "totalDebitedHigh",
  "totalDebitedLow",
);

export const dayList: OperatorList = {
  table: settlementBatches,
  fields: batchFields,
  name: [settlementBatches.id],
  order: () => [settlementBatches.day, settlementBatches.currency],
  filters: { currency: settlementBatches.currency, status: settlementBatches.status },
};
