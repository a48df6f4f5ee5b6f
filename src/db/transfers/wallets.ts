import { and, asc, eq, getTableColumns, sql } from "drizzle-orm";
import { type CursorPage, readingOf, readPage } from "../cursor-page";
import type { Database, Statement } from "../database";
import { type WithTotals, withTotals } from "../grown-total";
import { applications } from "./application-tables";
import { wallets } from "./tables";

export type Wallet = WithTotals<typeof wallets.$inferSelect>;

const asWallet = withTotals(getTableColumns(wallets));

/** The key of a wallet. */
export type WalletKey = Pick<Wallet, "applicationId" | "currency">;

export function selectWallet(db: Database, { applicationId, currency }: WalletKey) {
  return db
    .select(asWallet)
    .from(wallets)
    .where(and(eq(wallets.applicationId, applicationId), eq(wallets.currency, currency)));
}

/** Statement: an application's wallets, by currency. */
export function selectWallets(db: Database, applicationId: string) {
  return db
    .select(asWallet)
    .from(wallets)
    .where(eq(wallets.applicationId, applicationId))
    .orderBy(asc(wallets.currency));
}

/** Reads a page of an application's wallets by the time of their making: it has one for a currency at most. */
export async function walletsAt(db: Database, applicationId: string, page: CursorPage) {
  const key = [wallets.createdAt, wallets.currency];
  const isOwn = eq(wallets.applicationId, applicationId);
  const place = db
    .select({ createdAt: wallets.createdAt, currency: wallets.currency })
    .from(wallets)
    .where(and(isOwn, eq(wallets.id, page.cursor?.id ?? "")));
  const { where, orderBy, limit } = readingOf(page, key, sql`${place}`);
  return readPage<Wallet>(db, page, {
    named: (id) =>
      db
        .select({ id: wallets.id })
        .from(wallets)
        .where(and(isOwn, eq(wallets.id, id))),
    rows: db
      .select(asWallet)
      .from(wallets)
      .where(and(isOwn, where))
      .orderBy(...orderBy)
      .limit(limit),
  });
}

/** Makes an empty wallet, with the debit limit that its application has at this moment. */
export function insertWallet(db: Database, { applicationId, currency }: WalletKey, id: string, nowMs: number) {
  const zero = sql`0`;
  const now = sql`cast(${nowMs} as integer)`;
  return db.insert(wallets).select(
    db
      .select({
        applicationId: applications.id,
        currency: sql`${currency}`.as("currency"),
        id: sql`${id}`.as("wallet_id"),
        balance: zero.as("balance"),
        totalDebitedHigh: zero.as("total_debited_high"),
        totalDebitedLow: zero.as("total_debited_low"),
        totalCreditedHigh: zero.as("total_credited_high"),
        totalCreditedLow: zero.as("total_credited_low"),
        debitLimit: applications.debitLimit,
        sequence: zero.as("sequence"),
        createdAt: now.as("wallet_created_at"),
        updatedAt: now.as("wallet_updated_at"),
      })
      .from(applications)
      .where(eq(applications.id, applicationId)),
  );
}

/** Makes the same, unless the wallet exists already (at first use: src/guides/decisions.md#wallets). */
export function provisionWallet(db: Database, key: WalletKey, id: string, nowMs: number): Statement {
  return insertWallet(db, key, id, nowMs).onConflictDoNothing({ target: [wallets.applicationId, wallets.currency] });
}

/** Sets the debit limit of an application's wallets. Fails by constraint if one is below it already. */
export function limitWallets(
  db: Database,
  applicationId: string,
  debitLimit: number | null,
  updatedAt: number,
): Statement {
  return db.update(wallets).set({ debitLimit, updatedAt }).where(eq(wallets.applicationId, applicationId));
}
