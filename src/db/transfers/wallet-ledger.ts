import { and, asc, desc, eq, getTableColumns, gt, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import { isId } from "../../domain/id";
import type { CursorPage } from "../cursor-page";
import type { Database } from "../database";
import { integerText } from "../grown-total";
import { cutLooked, lookThrough } from "../look-through";
import type { Page } from "../page";
import { readAll } from "../read-all";
import { acceptanceOf, acceptanceOfEntry, beforeAllSince, behindAllUntil } from "./entry-place";
import { walletEntries, wallets } from "./tables";
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

/** Statement: the number of the entry with an id in a wallet, which is its place there. */
export function selectEntryPlace(db: Database, key: WalletKey, id: string) {
  return db.select({ sequence: walletEntries.sequence }).from(walletEntries).where(isEntry(key, id));
}

/**
 * Reads a page of a wallet's ledger by a cursor, of which the place is known, in one round trip. Returns no wallet if it
 * does not exist.
 */
export async function entriesAt(db: Database, filter: EntryFilter, page: CursorPage, place?: number) {
  const looking = {
    key: [walletEntries.sequence],
    place: sql`(${place ?? 0})`,
    owned: and(isOfWallet(filter), isOfTime(filter)),
    matches: narrows(filter),
  };
  const rows = lookThrough<typeof walletEntries, WalletEntry>(db, walletEntries, page, looking, asEntry);
  const [[wallet], read] = await readAll(db, [selectWallet(db, filter), rows]);
  return { wallet, part: cutLooked<WalletEntry>(page, read, ({ id }) => id) };
}

/** The condition of the entry with an id in a wallet. */
function isEntry(key: WalletKey, id: string): SQL | undefined {
  if (!isId(id)) return sql`false`;
  const at = acceptanceOfEntry(key, id);
  return and(isOfWallet(key), isAround(key, at), eq(walletEntries.id, id));
}

function selectEntries(db: Database, order: Page["order"]) {
  const direction = order === "asc" ? asc : desc;
  return db.select(asEntry).from(walletEntries).orderBy(direction(walletEntries.sequence)).$dynamic();
}

function matches(filter: EntryFilter): SQL | undefined {
  return and(isOfWallet(filter), isOfTime(filter), narrows(filter));
}

function isOfWallet({ applicationId, currency }: WalletKey): SQL | undefined {
  return and(eq(walletEntries.applicationId, applicationId), eq(walletEntries.currency, currency));
}

/** The condition that entries have to be read for; undefined if there is none. */
function narrows({ type, reference, fromMs, toMs }: EntryFilter): SQL | undefined {
  return and(
    type === undefined ? undefined : eq(walletEntries.type, type),
    reference === undefined ? undefined : eq(walletEntries.reference, reference),
    fromMs === undefined ? undefined : gte(walletEntries.createdAt, fromMs),
    toMs === undefined ? undefined : lt(walletEntries.createdAt, toMs),
  );
}

/** Restricts the chain to the time of a filter: the cost grows with what was accepted then, not with all others. */
function isOfTime(filter: EntryFilter): SQL | undefined {
  const { reference, fromMs, toMs } = filter;
  return and(
    reference === undefined ? undefined : isAround(filter, acceptanceOf(reference)),
    fromMs === undefined ? undefined : gt(walletEntries.sequence, beforeAllSince(filter, fromMs)),
    toMs === undefined ? undefined : lte(walletEntries.sequence, behindAllUntil(filter, toMs)),
  );
}

function isAround(key: WalletKey, at: SQL): SQL | undefined {
  return and(gt(walletEntries.sequence, beforeAllSince(key, at)), lte(walletEntries.sequence, behindAllUntil(key, at)));
}
