import { type AnyColumn, and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { TagAddress } from "../../domain/transfers/tag";
import type { Database, Statement } from "../database";
import { connectedAccounts, developers } from "../payments/developer-tables";
import { orders, payments } from "../payments/tables";
import {
  applications,
  journal,
  settlementBatches,
  stripeEvents,
  testimonies,
  transfers,
  userEmails,
  users,
  webhookDeliveries,
  webhookEndpoints,
} from "../schema";
import { aggregatesNamedBy, type Named } from "./named-by";

/** The things that a text could name, beside an id of whatever kind; undefined where it has not the form. */
export interface Readings {
  text: string;
  email: string | undefined;
  phone: string | undefined;
  tag: TagAddress | undefined;
}

/** The ways in which a text can name something. */
export const matches = ["id", "order_id", "handle", "email", "phone", "tag"] as const;
type Match = (typeof matches)[number];

/** The kinds of things that are found. `other` has a timeline, and nothing else to show. */
export const hitKinds = [
  "testimony",
  "payment",
  "transfer",
  "user",
  "developer",
  "application",
  "account",
  "webhook_endpoint",
  "stripe_event",
  "delivery",
  "settlement_day",
  "other",
] as const;

export interface Hit {
  kind: (typeof hitKinds)[number];
  id: string;
  /** The text by which a person recognises it. */
  label: string | null;
  matchedBy: Match;
}

const hitsMax = 20;

/** Where each kind is, beside those that are found otherwise: the table, and the label of a row. */
const places = [
  ["testimony", testimonies, sql`purpose || ', ' || state`],
  ["payment", payments, sql`order_id || ', ' || state`],
  ["user", users, users.email],
  ["developer", developers, developers.name],
  ["application", applications, applications.name],
  ["account", connectedAccounts, sql`coalesce(stripe_id, '') || ', ' || state`],
  ["webhook_endpoint", webhookEndpoints, webhookEndpoints.owner],
] as const;

/** Finds what a text names: first the aggregates, then what each of them is. Two round trips. */
export async function search(db: Database, readings: Readings): Promise<Hit[]> {
  const looks = looksFor(db, readings);
  const statements = looks.map(([, statement]) => statement);
  const found = (await db.batch(statements as [Statement, ...Statement[]])) as Named[][];
  const matchedBy = new Map<string, Match>();
  for (const [at, [by]] of looks.entries()) {
    for (const { aggregateId: id } of found[at] ?? []) if (id && !matchedBy.has(id)) matchedBy.set(id, by);
  }
  const ids = [...matchedBy.keys()].slice(0, hitsMax);
  const read = await db.batch(hitsOf(db, ids, readings.text) as [Statement, ...Statement[]]);
  const hits = (read as (Omit<Hit, "matchedBy"> & { root: string })[][]).flat();
  const others = ids.filter((id) => !hits.some(({ root }) => root === id));
  return [...hits, ...others.map((id) => ({ root: id, kind: "other" as const, id, label: null }))]
    .slice(0, hitsMax)
    .map(({ root, ...hit }) => ({ ...hit, matchedBy: matchedBy.get(root) ?? "id" }));
}

/**
 * Makes the statements that say what the aggregates are, each by its key; and those of the event or the delivery with
 * this id, which may belong to no aggregate.
 */
export function hitsOf(db: Database, ids: string[], text: string): Statement[] {
  const [endpointId = "", eventId = ""] = text.split(".");
  const hit = (kind: Hit["kind"], root: AnyColumn, id: AnyColumn | SQL, label: AnyColumn | SQL) => ({
    root: sql`${root}`.as("root"),
    kind: sql.raw(`'${kind}'`).as("kind"),
    id: sql`${id}`.as("hit_id"),
    label: sql`${label}`.as("label"),
  });
  const ofAggregates = [
    ...places.map(([kind, table, label]) =>
      db
        .select(hit(kind, table.id, table.id, label))
        .from(table)
        .where(inArray(table.id, ids)),
    ),
    db
      .select(
        hit("transfer", transfers.id, transfers.reference, sql`sender_tag || ' → ' || receiver_tag || ', ' || state`),
      )
      .from(transfers)
      .where(inArray(transfers.reference, referencesOf(db, ids))),
    db
      .select(hit("settlement_day", settlementBatches.id, settlementBatches.day, settlementBatches.currency))
      .from(settlementBatches)
      .where(inArray(settlementBatches.id, ids)),
  ];
  return [
    ...(ids.length > 0 ? ofAggregates : []),
    db
      .select(hit("stripe_event", stripeEvents.id, stripeEvents.id, stripeEvents.type))
      .from(stripeEvents)
      .where(eq(stripeEvents.id, text)),
    db
      .select(
        hit("delivery", webhookDeliveries.eventId, sql`endpoint_id || '.' || event_id`, sql`type || ', ' || state`),
      )
      .from(webhookDeliveries)
      .where(and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.eventId, eventId))),
  ];
}

/** Selects the references of transfers. A transfer is stored under its reference, which its first change names. */
function referencesOf(db: Database, ids: string[]) {
  return db
    .select({ reference: sql<string>`${journal.data} ->> 'reference'` })
    .from(journal)
    .where(and(inArray(journal.aggregateId, ids), eq(journal.version, 1), eq(journal.name, "initiate-transfer")));
}

const column = (name: string) => sql<string>`${sql.raw(name)}`;

/** Makes the statements that find aggregates, each with the way in which it does. */
function looksFor(db: Database, { text, email, phone, tag }: Readings): (readonly [Match, Statement])[] {
  const ofOrder = (table: typeof orders | typeof payments) =>
    db.select({ aggregateId: table.id }).from(table).where(eq(table.orderId, text)).limit(hitsMax);
  const looks: (readonly [Match, Statement])[] = [
    ...aggregatesNamedBy(db, text, undefined).map((statement) => ["id", statement] as const),
    ["order_id", ofOrder(payments)],
    ["order_id", ofOrder(orders)],
    ["handle", db.select({ aggregateId: applications.id }).from(applications).where(eq(applications.appHandle, text))],
  ];
  if (email !== undefined) {
    const { email: address, userId } = userEmails;
    looks.push(["email", db.select({ aggregateId: userId }).from(userEmails).where(eq(address, email.toLowerCase()))]);
    looks.push([
      "email",
      db.select({ aggregateId: developers.id }).from(developers).where(eq(developers.email, email.toLowerCase())),
    ]);
  }
  if (phone !== undefined) {
    const known = sql`select id from users where phone = ${phone}
      union select user_id from user_phones where phone = ${phone} limit ${hitsMax}`;
    looks.push(["phone", db.select({ aggregateId: column("id") }).from(sql`(${known})`)]);
  }
  if (tag !== undefined) {
    const { name, appHandle = null } = tag;
    const ofTag = sql`select t.application_id as id from tags t cross join applications a on a.id = t.application_id
      where t.tag_string = ${name} and ${appHandle} in (a.app_handle, null) limit ${hitsMax}`;
    looks.push(["tag", db.select({ aggregateId: column("id") }).from(sql`(${ofTag})`)]);
  }
  return looks;
}
