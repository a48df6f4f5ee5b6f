import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import {
  accessTokens,
  checkouts,
  idempotencyKeys,
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

/** A reason for which a user's money is not at rest, and the testimony that it is about. */
export interface Awaited {
  reason: string;
  testimonyId: string | null;
}

/** The most reasons that are named, and the most open testimonies and offers that are ended at once. */
const endedMax = 20;

/**
 * Reads what a deletion waits for, and what it ends by itself: the client's unpaid testimonies and the expert's open
 * offers. One round trip.
 */
export async function loadOpen(db: Database, userId: string) {
  const [awaited, unpaid, offered] = await db.batch([
    db
      .select({ reason: sql<string>`reason`, testimonyId: sql<string | null>`testimony_id` })
      .from(sql`(${waitsOf(userId)})`)
      .limit(endedMax),
    db
      .select({ testimonyId: testimonies.id })
      .from(testimonies)
      .where(and(eq(testimonies.clientId, userId), inArray(testimonies.state, ["pending", "offered"])))
      .limit(endedMax),
    db
      .select({ testimonyId: offers.testimonyId, offerId: offers.id })
      .from(offers)
      .innerJoin(testimonies, eq(testimonies.id, offers.testimonyId))
      .where(and(eq(offers.expertId, userId), isOpenOffer, sql`${testimonies.state} = 'offered'`))
      .limit(endedMax),
  ]);
  return { awaited, unpaid, offered };
}

const isOpenOffer = and(isNull(offers.withdrawnAt), isNull(offers.acceptedAt));

/**
 * Selects the reasons for which a user's money is not at rest. The client's are the testimonies that the client made,
 * the expert's those whose acceptance pays the expert; a client does not wait for the expert's payout.
 */
function waitsOf(userId: string): SQL {
  return sql`with made(id) as (select id from testimonies where client_id = ${userId}),
    won(id) as (select id from testimonies where expert_id = ${userId}
      union select testimony_id from offers where expert_id = ${userId} and accepted_at is not null),
    both(id) as (select id from made union select id from won),
    every(id) as (select id from both union select ${userId})
  select 'work_underway' as reason, id as testimony_id from testimonies where id in both and state = 'accepted'
  union all select 'payment_underway', testimony_id from checkouts
    where testimony_id in made and state in ('claimed', 'processing')
  union all select 'refund_underway', testimony_id from checkouts
    where testimony_id in made and state in ('returning', 'return_failed')
  union all select 'refund_underway', testimony_id from refunds
    where testimony_id in made and state in ('claimed', 'pending')
  union all select 'payout_underway', testimony_id from payouts
    where testimony_id in won and (state not in ('paid', 'reversed', 'cancelled') or due_at is not null)
  union all select 'dispute_open', testimony_id from disputes where testimony_id in both and state = 'open'
  union all select 'debt_owed', null from receivables where user_id = ${userId} and remaining_minor > 0
  union all select 'operator_must_look', nullif(aggregate_id, ${userId}) from attention
    where aggregate_id in every and cleared_at is null
      and (about_kind not in ('payout', 'reversal') or aggregate_id in won)
  union all select 'call_underway', nullif(aggregate_id, ${userId}) from stripe_effects
    where aggregate_id in every and state = 'open'`;
}

/**
 * Makes the statement that turns a user's row into that of a deleted one. The CHECK `users_deleted` refuses it, and the
 * whole batch with it, while something waits or is open: what was read before the batch may have changed.
 */
function deleteRow(db: Database, { id }: User, nowMs: number): Statement {
  const isOpen = sql`exists (${waitsOf(id)})
    or exists (select 1 from testimonies where client_id = ${id} and state in ('pending', 'offered'))
    or exists (select 1 from offers o join testimonies t on t.id = o.testimony_id
      where o.expert_id = ${id} and withdrawn_at is null and accepted_at is null and t.state = 'offered')`;
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

/** What stays of a property: its type. The other members are those of every testimony's answer. */
const realEstateLeft = sql`json_object('type', real_estate ->> 'type', 'properties', null, 'address',
  json_object('line1', null, 'line2', null, 'city', '', 'postalCode', '', 'parcelNumber', null, 'cadastralArea', null),
  'addressCoords', null, 'userCoords', null)`;

/**
 * Makes the statements that take a person's data out of every row, and end the sessions. What stays are ids, states,
 * amounts and times (src/guides/personal-data.md). `test/db/personal-columns.ts` names the fate of every column.
 */
export function eraseUser(db: Database, user: User, nowMs: number): Statement[] {
  const { id, email, phone } = user;
  const made = sql`(select id from testimonies where client_id = ${id})`;
  const every = sql`(select id from testimonies where client_id = ${id} union select ${id})`;
  const told = sql`(select e.id, o.id from outbox o join webhook_endpoints e on e.owner = 'operator'
    where o.aggregate_id in ${every})`;
  const { aggregateId, kind, params, failure } = stripeEffects;
  return [
    deleteRow(db, user, nowMs),
    db.delete(userEmails).where(eq(userEmails.email, emailKey(email))),
    db.delete(userPhones).where(eq(userPhones.phone, phone ?? "")),
    db.delete(accessTokens).where(eq(accessTokens.userId, id)),
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
