import { and, asc, desc, eq, lte, notExists, type SQL, sql } from "drizzle-orm";
import { dayAfter } from "../../domain/transfers/day";
import { operatorAudience } from "../../domain/webhooks/event";
import type { Database, Statement } from "../database";
import { creditedOf, debitedOf, difference, sumOf, sumOfTotals } from "../grown-total";
import { applications, settlementBatches, settlementDays, settlementEntries, walletEntries, wallets } from "../schema";

/** A batch that is to be counted. */
export interface Counted {
  id: string;
  day: string;
  currency: string;
  atMs: number;
}

/** Closes a day, so that no completed transfer falls into it or an earlier day any more (by trigger). */
export function closeDay(db: Database, day: string, atMs: number): Statement {
  return db.insert(settlementDays).values({ day, closedAt: atMs }).onConflictDoNothing();
}

/**
 * Loads where settling continues: the first day that is not settled completely, if there was ever an entry up to `day`,
 * and what is not counted yet. Days before the first entry need no batch. One round trip.
 */
export async function loadUnsettled(db: Database, day: string, defaultCurrency: string) {
  const [[last], [firstPosition], uncounted] = await db.batch([
    selectLastSettled(db, defaultCurrency),
    selectFirstPosition(db),
    selectUncounted(db, day),
  ]);
  const first = firstPosition?.day ?? uncounted[0]?.day;
  const isUnderWay = first !== undefined && last !== undefined && last.day >= first;
  return { next: isUnderWay ? dayAfter(last.day) : first, uncounted };
}

/** Statement: the last day with a batch in this currency. */
export function selectLastSettled(db: Database, currency: string) {
  return db
    .select({ day: settlementBatches.day })
    .from(settlementBatches)
    .where(eq(settlementBatches.currency, currency))
    .orderBy(desc(settlementBatches.day))
    .limit(1);
}

/** Statement: the day of the first position that was ever counted. */
function selectFirstPosition(db: Database) {
  return db.select({ day: settlementEntries.day }).from(settlementEntries).orderBy(asc(settlementEntries.day)).limit(1);
}

/**
 * Statement: days up to this one, with the currencies in which they have entries that no batch has counted, oldest
 * first.
 */
export function selectUncounted(db: Database, day: string) {
  const { day: entryDay, currency } = walletEntries;
  const isOfDay = and(eq(settlementBatches.day, entryDay), eq(settlementBatches.currency, currency));
  const counted = db.select({ one: sql`1` }).from(settlementBatches).where(isOfDay);
  return db
    .selectDistinct({ day: entryDay, currency })
    .from(wallets)
    .crossJoin(walletEntries)
    .where(and(isAfterCounted(sql`'9999-12-31'`), lte(entryDay, day), notExists(counted)))
    .orderBy(asc(entryDay), asc(currency));
}

/**
 * Inserts every application's position of a closed day in one currency, counted from the entries themselves. A position
 * opens where the wallet's last earlier position closed. Its id has the batch's time and shard and the wallet's random
 * part.
 */
export function insertPositions(db: Database, { id, day, currency, atMs }: Counted): Statement {
  const { sequence, amount, type, transferId } = walletEntries;
  const isToday = sql`${walletEntries.day} = ${day}`;
  const sumOfSide = (side: "CREDIT" | "DEBIT") =>
    sumOf(sql`case when ${isToday} and ${type} = ${side} then ${amount} else 0 end`);
  const [credited, debited] = [sumOfSide("CREDIT"), sumOfSide("DEBIT")];
  // All entries up to this number are of this day or an earlier one, and so counted for good. The next count begins
  // here, in whatever order the entries around midnight are.
  const lastSequence = sql`coalesce(min(case when ${walletEntries.day} > ${day} then ${sequence} end) - 1, max(${sequence}))`;
  return db.insert(settlementEntries).select(sql`
    with moved as (
      select ${wallets.applicationId} as application_id, ${wallets.id} as wallet_id,
        ${credited.high} as credited_high, ${credited.low} as credited_low,
        ${debited.high} as debited_high, ${debited.low} as debited_low, ${difference(credited, debited)} as net,
        coalesce(${lastBefore(sql`${day}`, settlementEntries.closingBalance)}, 0) as opening,
        count(distinct case when ${isToday} then ${transferId} end) as transfers, ${lastSequence} as last_sequence
      from ${wallets} cross join ${walletEntries}
      where ${wallets.currency} = ${currency} and ${isAfterCounted(sql`${day}`)}
      group by ${wallets.applicationId} having transfers > 0)
    select ${day}, ${currency}, application_id, substr(${id}, 1, 18) || substr(wallet_id, 19), ${applications.name},
      wallet_id, credited_high, credited_low, debited_high, debited_low, net, opening, opening + net, transfers, last_sequence,
      cast(${atMs} as integer)
    from moved join ${applications} on ${applications.id} = application_id`);
}

/**
 * Inserts the batch of the positions that were just inserted. The credits must equal the debits; otherwise the ledger
 * is wrong, and the batch fails.
 */
export function insertBatch(db: Database, { id, day, currency, atMs }: Counted): Statement {
  const credited = sumOfTotals(creditedOf(settlementEntries));
  const debited = sumOfTotals(debitedOf(settlementEntries));
  const isEven = sql`${credited.high} = ${debited.high} and ${credited.low} = ${debited.low}`;
  const transfersCompleted = sql`(select count(*) from ${wallets} cross join ${walletEntries}
    where ${wallets.currency} = ${currency} and ${isAfterCounted(sql`${day}`)} and ${walletEntries.day} = ${day} and ${walletEntries.type} = 'CREDIT')`;
  return db.insert(settlementBatches).select(sql`
    select ${day}, ${currency}, ${id}, case when ${isEven} then 'COMPLETED' else 'FAILED' end,
      ${credited.high}, ${credited.low}, ${debited.high}, ${debited.low}, ${transfersCompleted}, count(*),
      case when ${isEven} then null else 'The day''s credits and debits differ' end, cast(${atMs} as integer)
    from ${settlementEntries} where ${settlementEntries.day} = ${day} and ${settlementEntries.currency} = ${currency}`);
}

/**
 * Makes the query for the owners who receive the event that a batch is closed: the operator, and every application with
 * a position in it. It is empty if the batch failed.
 */
export function whoSettled({ day, currency }: Pick<Counted, "day" | "currency">): SQL {
  return sql`(
    with closed as (
      select day, currency from ${settlementBatches}
      where day = ${day} and currency = ${currency} and status = 'COMPLETED')
    select ${operatorAudience} from closed
    union all select application_id from ${settlementEntries} join closed using (day, currency))`;
}

/** Deletes a failed batch with its positions, in the commit that counts it again. */
export function deleteBatch(db: Database, { day, currency }: Pick<Counted, "day" | "currency">): Statement[] {
  return [
    db.delete(settlementEntries).where(and(eq(settlementEntries.day, day), eq(settlementEntries.currency, currency))),
    db.delete(settlementBatches).where(and(eq(settlementBatches.day, day), eq(settlementBatches.currency, currency))),
  ];
}

/**
 * Restricts entries of a wallet to those after the ones that positions before a day have counted: a range of the
 * chain's primary key.
 */
function isAfterCounted(day: SQL): SQL {
  return sql`${walletEntries.applicationId} = ${wallets.applicationId} and ${walletEntries.currency} = ${wallets.currency}
    and ${walletEntries.sequence} > coalesce(${lastBefore(day, settlementEntries.lastSequence)}, 0)`;
}

/** Selects a column of a wallet's last position before a day. */
function lastBefore(
  day: SQL,
  column: typeof settlementEntries.lastSequence | typeof settlementEntries.closingBalance,
): SQL {
  return sql`(select before.${sql.identifier(column.name)} from ${settlementEntries} as before
    where before.application_id = ${wallets.applicationId} and before.currency = ${wallets.currency}
    and before.day < ${day} order by before.day desc limit 1)`;
}
