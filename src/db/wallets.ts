import { and, asc, desc, eq, gte, lt, sql } from "drizzle-orm";
import type { Database, Statement } from "./database";
import type { Page } from "./page";
import { applications, walletEntries, wallets } from "./transfer-tables";

export type Wallet = typeof wallets.$inferSelect;
export type WalletEntry = typeof walletEntries.$inferSelect;

/** What a wallet is found by. */
export type WalletKey = Pick<Wallet, "applicationId" | "currency">;

export function selectWallet(db: Database, { applicationId, currency }: WalletKey) {
  return db
    .select()
    .from(wallets)
    .where(and(eq(wallets.applicationId, applicationId), eq(wallets.currency, currency)));
}

/** An application's wallets, by currency. */
export function selectWallets(db: Database, applicationId: string) {
  return db.select().from(wallets).where(eq(wallets.applicationId, applicationId)).orderBy(asc(wallets.currency));
}

/** Makes a wallet, empty, with the debit limit that its application has in this moment. */
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
        totalDebited: zero.as("total_debited"),
        totalCredited: zero.as("total_credited"),
        debitLimit: applications.debitLimit,
        sequence: zero.as("sequence"),
        createdAt: now.as("wallet_created_at"),
        updatedAt: now.as("wallet_updated_at"),
      })
      .from(applications)
      .where(eq(applications.id, applicationId)),
  );
}

/** The same, unless there is one already (decisions T1: at first use). */
export function provisionWallet(db: Database, key: WalletKey, id: string, nowMs: number): Statement {
  return insertWallet(db, key, id, nowMs).onConflictDoNothing({ target: [wallets.applicationId, wallets.currency] });
}

/** Sets the debit limit of an application's wallets. Fails by constraint when one is below it already. */
export function limitWallets(
  db: Database,
  applicationId: string,
  debitLimit: number | null,
  updatedAt: number,
): Statement {
  return db.update(wallets).set({ debitLimit, updatedAt }).where(eq(wallets.applicationId, applicationId));
}

/** What a wallet's ledger may be narrowed by. `fromMs` is inside, `toMs` outside. */
export interface EntryFilter extends WalletKey {
  type?: WalletEntry["type"] | undefined;
  reference?: string | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/** A page of a wallet's ledger with the total, in one round trip; without the wallet there is none (transfers.md 2.7). */
export async function pageOfEntries(db: Database, filter: EntryFilter, { limit, offset, order }: Page) {
  const direction = order === "asc" ? asc : desc;
  const [[wallet], rows, [counted]] = await db.batch([
    selectWallet(db, filter),
    db
      .select()
      .from(walletEntries)
      .where(matches(filter))
      .orderBy(direction(walletEntries.sequence))
      .limit(limit)
      .offset(offset),
    db.select({ total: sql<number>`count(*)` }).from(walletEntries).where(matches(filter)),
  ]);
  return wallet && { wallet, rows, total: counted?.total ?? 0 };
}

function matches({ applicationId, currency, type, reference, fromMs, toMs }: EntryFilter) {
  return and(
    eq(walletEntries.applicationId, applicationId),
    eq(walletEntries.currency, currency),
    type === undefined ? undefined : eq(walletEntries.type, type),
    reference === undefined ? undefined : eq(walletEntries.reference, reference),
    fromMs === undefined ? undefined : gte(walletEntries.createdAt, fromMs),
    toMs === undefined ? undefined : lt(walletEntries.createdAt, toMs),
  );
}
