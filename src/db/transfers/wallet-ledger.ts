import { and, asc, desc, eq, getTableColumns, gt, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import { dayOf } from "../../domain/transfers/day";
import type { Database } from "../database";
import { integerText } from "../grown-total";
import type { Page } from "../page";
import { settlementEntries, transfers, walletEntries, wallets } from "./tables";
import { selectWallet, type WalletKey } from "./wallets";

type Balances = "openingBalance" | "closingBalance";

/**
 * The balances are texts of integers: between the two sides of one wallet a balance may be more than a number holds.
 */
export type WalletEntry = Omit<typeof walletEntries.$inferSelect, Balances> & Record<Balances, string>;

const asEntry = {
  ...getTableColumns(walletEntries),
  openingBalance: integerText(walletEntries.openingBalance).as("opening_balance"),
  closingBalance: integerText(walletEntries.closingBalance).as("closing_balance"),
};

/** The filters of a wallet's ledger. `fromMs` is inside, `toMs` outside. */
export interface EntryFilter extends WalletKey {
  type?: WalletEntry["type"] | undefined;
  reference?: string | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/** Reads a page of a wallet's ledger with the total, in one round trip. Returns no wallet if it does not exist. */
export function pageOfEntries(db: Database, filter: EntryFilter, page: Page) {
  const { type, reference, fromMs, toMs } = filter;
  const isNarrowed = [type, reference, fromMs, toMs].some((value) => value !== undefined);
  return isNarrowed ? pageOfSome(db, filter, page) : pageOfAll(db, filter, page);
}

/**
 * Reads a page without filters. The numbers of a chain have no gaps, so the last one is the total, and the first number
 * gives the page.
 */
async function pageOfAll(db: Database, key: WalletKey, { limit, offset, order }: Page) {
  const { sequence } = walletEntries;
  const last = sql`(select ${wallets.sequence} from ${wallets}
    where ${wallets.applicationId} = ${key.applicationId} and ${wallets.currency} = ${key.currency})`;
  const begins = order === "asc" ? gt(sequence, offset) : lte(sequence, sql`${last} - ${offset}`);
  const [[wallet], rows] = await db.batch([
    selectWallet(db, key),
    selectEntries(db, order)
      .where(and(isOfWallet(key), begins))
      .limit(limit),
  ]);
  return wallet && { wallet, rows, total: wallet.sequence };
}

/** Reads a page with filters, for which entries have to be read and counted. */
async function pageOfSome(db: Database, filter: EntryFilter, { limit, offset, order }: Page) {
  const [[wallet], rows, [counted]] = await db.batch([
    selectWallet(db, filter),
    selectEntries(db, order).where(matches(filter)).limit(limit).offset(offset),
    db.select({ total: sql<number>`count(*)` }).from(walletEntries).where(matches(filter)),
  ]);
  return wallet && { wallet, rows, total: counted?.total ?? 0 };
}

function selectEntries(db: Database, order: Page["order"]) {
  const direction = order === "asc" ? asc : desc;
  return db.select(asEntry).from(walletEntries).orderBy(direction(walletEntries.sequence)).$dynamic();
}

function matches(filter: EntryFilter): SQL | undefined {
  const { type, reference, fromMs, toMs } = filter;
  return and(
    isOfWallet(filter),
    isOfDays(filter),
    type === undefined ? undefined : eq(walletEntries.type, type),
    reference === undefined ? undefined : eq(walletEntries.reference, reference),
    fromMs === undefined ? undefined : gte(walletEntries.createdAt, fromMs),
    toMs === undefined ? undefined : lt(walletEntries.createdAt, toMs),
  );
}

function isOfWallet({ applicationId, currency }: WalletKey): SQL | undefined {
  return and(eq(walletEntries.applicationId, applicationId), eq(walletEntries.currency, currency));
}

/**
 * Restricts the chain to the days of a filter, by the wallet's settled positions: not before the last entry that was
 * counted for an earlier day, and not behind the last that was counted for a later one, because the clocks of
 * acceptances differ by seconds, and not by the whole day in between. So the cost grows with those days, not with all
 * others.
 */
function isOfDays(filter: EntryFilter): SQL | undefined {
  const { first, last } = daysOf(filter);
  const { day } = settlementEntries;
  const { sequence } = walletEntries;
  return and(
    first && sql`${sequence} > coalesce(${lastCounted(filter, lt(day, first), desc(day))}, 0)`,
    last && sql`${sequence} <= coalesce(${lastCounted(filter, gt(day, last), asc(day))}, 9007199254740991)`,
  );
}

/** Selects the number of the last entry that the first of some positions has counted. */
function lastCounted({ applicationId, currency }: WalletKey, condition: SQL, order: SQL): SQL {
  return sql`(select ${settlementEntries.lastSequence} from ${settlementEntries}
    where ${settlementEntries.applicationId} = ${applicationId} and ${settlementEntries.currency} = ${currency}
    and ${condition} order by ${order} limit 1)`;
}

/** Returns the first and the last day of the entries that a filter can match. */
function daysOf({ reference, fromMs, toMs }: EntryFilter): Partial<Record<"first" | "last", SQL>> {
  if (reference !== undefined) return { first: dayOfAcceptance(reference), last: dayOfAcceptance(reference) };
  return {
    ...(fromMs === undefined ? {} : { first: writtenDay(fromMs) }),
    ...(toMs === undefined ? {} : { last: writtenDay(toMs - 1) }),
  };
}

/** Later years are written in another form and would not compare. */
const lastMomentMs = Date.UTC(9999, 11, 31);

function writtenDay(atMs: number): SQL {
  return sql`${dayOf(Math.min(atMs, lastMomentMs))}`;
}

/** Selects the day of a transfer's two entries; an empty text, before all days, if there are none. */
function dayOfAcceptance(reference: string): SQL {
  return sql`coalesce((select date(${transfers.acceptedAt} / 1000, 'unixepoch') from ${transfers}
    where ${transfers.reference} = ${reference}), '')`;
}
