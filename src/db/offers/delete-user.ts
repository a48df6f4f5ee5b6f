import { and, eq, exists, inArray, type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import {
  accessTokens,
  checkouts,
  idempotencyKeys,
  mails,
  notifications,
  offers,
  outbox,
  payoutAccounts,
  stripeEffects,
  stripeEvents,
  testimonies,
  userEmails,
  userPhones,
  users,
  webhookAttempts,
} from "../schema";
import { emailKey, type User } from "./users";

/** The reasons for which a user's money is not at rest, in the order in which they are told. */
export const awaitedReasons = [
  "work_underway",
  "payment_underway",
  "refund_underway",
  "payout_underway",
  "dispute_open",
  "debt_owed",
  "operator_must_look",
  "call_underway",
] as const;

type Reason = (typeof awaitedReasons)[number];

/** A reason, and the testimony that it is about; null if it is about the account itself. */
export interface Awaited {
  reason: Reason;
  testimonyId: string | null;
}

/** The most reasons that are named, and the most open testimonies or offers that are ended at once. */
const rowsMax = 20;

/** Reads what a deletion waits for, and what it ends by itself. One round trip. */
export async function loadOpen(db: Database, user: User): Promise<{ awaited: Awaited[]; open: Open[] }> {
  const columns = { reason: sql<Reason>`reason`, testimonyId: sql<string | null>`testimony_id` };
  const [awaited, open] = await db.batch([
    db.select(columns).from(waitsOf(user)).limit(rowsMax),
    openOf(db, user).limit(rowsMax),
  ]);
  return { awaited, open };
}

/** An unpaid testimony of a client, or an open offer of an expert. */
export interface Open {
  testimonyId: string;
  offerId: string | null;
}

function openOf(db: Database, { id, role }: User) {
  const unpaid = and(eq(testimonies.clientId, id), inArray(testimonies.state, ["pending", "offered"]));
  const isLive = sql`${testimonies.state} = 'offered' and ${offers.withdrawnAt} is null and ${offers.acceptedAt} is null`;
  return role === "client"
    ? db.select({ testimonyId: testimonies.id, offerId: sql<null>`null` }).from(testimonies).where(unpaid)
    : db
        .select({ testimonyId: offers.testimonyId, offerId: offers.id })
        .from(offers)
        .innerJoin(testimonies, eq(testimonies.id, offers.testimonyId))
        .where(and(eq(offers.expertId, id), isLive));
}

/**
 * Selects the first reason of each testimony, and of the account itself, for which a user's money is not at rest. A
 * client does not wait for the expert's payout.
 */
function waitsOf({ id, role }: User): SQL {
  const isClient = role === "client";
  const cases = isClient
    ? sql`select id from testimonies where client_id = ${id}`
    : sql`select id from testimonies where expert_id = ${id}
        union select testimony_id from offers where expert_id = ${id} and accepted_at is not null`;
  const when = (reason: Reason, rows: string) => sql.raw(`when exists (select 1 from ${rows}) then '${reason}'`);
  const ofCase = "where testimony_id = every.id and";
  const ofAny = "where aggregate_id = every.id and";
  const payouts = `payouts ${ofCase} (state not in ('paid', 'reversed', 'cancelled') or due_at is not null)`;
  const seen = isClient ? " and about_kind not in ('payout', 'reversal')" : "";
  const reasons = [
    when("work_underway", "testimonies t where t.id = every.id and state = 'accepted'"),
    when("payment_underway", `checkouts ${ofCase} state in ('claimed', 'processing')`),
    when("refund_underway", `checkouts ${ofCase} state in ('returning', 'return_failed')`),
    when("refund_underway", `refunds ${ofCase} state in ('claimed', 'pending')`),
    ...(isClient ? [] : [when("payout_underway", payouts)]),
    when("dispute_open", `disputes ${ofCase} state = 'open'`),
    when("debt_owed", "receivables where user_id = every.id and remaining_minor > 0"),
    when("operator_must_look", `attention ${ofAny} cleared_at is null${seen}`),
    when("call_underway", `stripe_effects ${ofAny} state = 'open'`),
  ];
  return sql`(select * from (
    select nullif(id, ${id}) as testimony_id, case ${sql.join(reasons, sql` `)} end as reason
    from (${cases} union select ${id}) as every
  ) where reason is not null)`;
}

/**
 * Makes the statement that turns a user's row into that of a deleted one. The CHECK `users_deleted` refuses it, and the
 * whole batch with it, while something waits or is open: what was read before the batch may have changed.
 */
function deleteRow(db: Database, user: User, nowMs: number): Statement {
  const { id } = user;
  const isOpen = sql`exists ${waitsOf(user)} or ${exists(openOf(db, user))}`;
  return db
    .update(users)
    .set({
      deletedAt: sql`case when ${isOpen} then 0 else ${nowMs} end`,
      email: "",
      passwordHash: "",
      phone: null,
      firstName: "Deleted",
      lastName: "user",
      dateOfBirth: null,
      registrationNumber: null,
      billingAddress: null,
      shippingAddress: null,
      company: null,
      bankAccount: null,
      regions: null,
      emailVerified: false,
      newsletterSubscribedAt: null,
    })
    .where(eq(users.id, id));
}

/** Only the type of a property stays. The other members are those of every testimony's answer. */
const realEstateLeft = sql`json_object('type', real_estate ->> 'type', 'properties', null, 'address',
  json_object('line1', null, 'line2', null, 'city', '', 'postalCode', '', 'parcelNumber', null, 'cadastralArea', null),
  'addressCoords', null, 'userCoords', null)`;

/**
 * Makes the statements that take a person's data out of every row, and end the sessions. What stays are ids, states,
 * amounts and times (src/guides/personal-data.md). `test/db/personal-columns.ts` names the fate of every column.
 */
export function eraseUser(db: Database, user: User, nowMs: number): Statement[] {
  const { id, email } = user;
  const made = sql`(select id from testimonies where client_id = ${id})`;
  const every = sql`(select id from testimonies where client_id = ${id} union select ${id})`;
  const told = sql`(select e.id, o.id from outbox o join webhook_endpoints e on e.owner = 'operator'
    where o.aggregate_id in ${every})`;
  const { aggregateId, kind, params, failure } = stripeEffects;
  return [
    deleteRow(db, user, nowMs),
    db.delete(userEmails).where(eq(userEmails.email, emailKey(email))),
    db
      .delete(userPhones)
      .where(
        and(
          eq(userPhones.userId, id),
          sql`${userPhones.phone} in (select input ->> 'phone' from checkouts where testimony_id in ${made})`,
        ),
      ),
    db.delete(accessTokens).where(eq(accessTokens.userId, id)),
    db.delete(mails).where(eq(mails.userId, id)),
    db.delete(notifications).where(eq(notifications.userId, id)),
    db.delete(idempotencyKeys).where(eq(idempotencyKeys.caller, id)),
    db
      .update(testimonies)
      .set({ realEstate: realEstateLeft, notes: null, cancellationReason: null })
      .where(eq(testimonies.clientId, id)),
    db.update(offers).set({ notes: null }).where(eq(offers.expertId, id)),
    db.update(offers).set({ notes: null }).where(sql`${offers.testimonyId} in ${made}`),
    db.update(checkouts).set({ input: sql`'{}'`, url: null }).where(sql`${checkouts.testimonyId} in ${made}`),
    db
      .update(outbox)
      .set({ data: sql`json_set(data, '$.reason', null)` })
      .where(and(sql`${outbox.aggregateId} in ${made}`, eq(outbox.type, "testimony.cancelled"))),
    db
      .update(webhookAttempts)
      .set({ excerpt: null })
      .where(sql`(${webhookAttempts.endpointId}, ${webhookAttempts.eventId}) in ${told}`),
    db
      .update(stripeEffects)
      .set({
        params: sql`case ${kind} when 'create-account' then json_remove(${params}, '$.email')
          else json_set(json_remove(${params}, '$.customerEmail'), '$.lines[0].description', '') end`,
        failure: sql`substr(${failure}, 1, instr(${failure} || ':', ':') - 1)`, // what Stripe says may repeat an input
      })
      .where(and(sql`${aggregateId} in ${every}`, inArray(kind, ["create-session", "create-account"]))),
    db.update(stripeEvents).set({ payload: "{}" }).where(sql`${stripeEvents.aggregateId} in ${every}`),
    db.update(payoutAccounts).set({ requirements: [], dueAt: null }).where(eq(payoutAccounts.userId, id)),
  ];
}
