import { and, eq, type SQL, sql } from "drizzle-orm";
import { type EntryType, sideId } from "../../domain/transfers/side";
import type { Database, Statement } from "../database";
import { creditedOf, debitedOf, grownBy } from "../grown-total";
import { walletEntries, wallets } from "./tables";
import type { Transfer } from "./transfer";
import type { WalletKey } from "./wallets";

/** The movement of an accepted transfer: its moment and its settlement day. */
export interface Movement {
  transfer: Transfer;
  atMs: number;
  day: string;
}

/**
 * Moves the amount from the sender's wallet to the receiver's, with an entry on each side. Wallets change by relative
 * update, and each entry is read from its wallet right after, in the same batch: so chains have no gaps, whoever else
 * moves money.
 */
export function moveMoney(db: Database, movement: Movement): Statement[] {
  const { senderAppId, receiverAppId } = movement.transfer;
  return senderAppId === receiverAppId ? moveWithin(db, movement) : moveAcross(db, movement);
}

function moveAcross(db: Database, movement: Movement): Statement[] {
  const { transfer, atMs } = movement;
  const { senderAppId, receiverAppId, currency, amount } = transfer;
  const debited = { applicationId: senderAppId, currency };
  const credited = { applicationId: receiverAppId, currency };
  const closing = sql`${wallets.balance}`;
  return [
    updateWallet(db, debited, { debit: amount, credit: 0, entries: 1, atMs }),
    insertEntry(db, movement, debited, {
      type: "DEBIT",
      sequence: sql`${wallets.sequence}`,
      opening: sql`${closing} + ${integer(amount)}`,
      closing,
    }),
    updateWallet(db, credited, { debit: 0, credit: amount, entries: 1, atMs }),
    insertEntry(db, movement, credited, {
      type: "CREDIT",
      sequence: sql`${wallets.sequence}`,
      opening: sql`${closing} - ${integer(amount)}`,
      closing,
    }),
  ];
}

/**
 * Moves an amount within one wallet (src/guides/decisions.md#wallets): its balance stays, and no limit is checked in
 * between.
 */
function moveWithin(db: Database, movement: Movement): Statement[] {
  const { transfer, atMs } = movement;
  const { senderAppId: applicationId, currency, amount } = transfer;
  const wallet = { applicationId, currency };
  const balance = sql`${wallets.balance}`;
  const between = sql`${balance} - ${integer(amount)}`;
  return [
    updateWallet(db, wallet, { debit: amount, credit: amount, entries: 2, atMs }),
    insertEntry(db, movement, wallet, {
      type: "DEBIT",
      sequence: sql`${wallets.sequence} - 1`,
      opening: balance,
      closing: between,
    }),
    insertEntry(db, movement, wallet, {
      type: "CREDIT",
      sequence: sql`${wallets.sequence}`,
      opening: between,
      closing: balance,
    }),
  ];
}

function updateWallet(
  db: Database,
  { applicationId, currency }: WalletKey,
  { debit, credit, entries, atMs }: { debit: number; credit: number; entries: number; atMs: number },
): Statement {
  const debited = grownBy(debitedOf(wallets), integer(debit));
  const credited = grownBy(creditedOf(wallets), integer(credit));
  return db
    .update(wallets)
    .set({
      balance: sql`${wallets.balance} + ${integer(credit)} - ${integer(debit)}`,
      totalDebitedHigh: debited.high,
      totalDebitedLow: debited.low,
      totalCreditedHigh: credited.high,
      totalCreditedLow: credited.low,
      sequence: sql`${wallets.sequence} + ${integer(entries)}`,
      updatedAt: atMs,
    })
    .where(and(eq(wallets.applicationId, applicationId), eq(wallets.currency, currency)));
}

/**
 * Inserts an entry, its columns in the order of the table. Without its wallet an entry has no number, and the whole
 * batch fails.
 */
function insertEntry(
  db: Database,
  { transfer, atMs, day }: Movement,
  { applicationId, currency }: WalletKey,
  entry: { type: EntryType; sequence: SQL; opening: SQL; closing: SQL },
): Statement {
  const counterpartyTag = entry.type === "DEBIT" ? transfer.receiverTag : transfer.senderTag;
  return db.insert(walletEntries).select(sql`
    select ${applicationId}, ${currency}, ${entry.sequence}, ${sideId(transfer.id, entry.type)}, ${transfer.id}, ${transfer.reference},
      ${entry.type}, ${integer(transfer.amount)}, ${entry.opening}, ${entry.closing}, ${counterpartyTag},
      ${transfer.narration}, ${day}, ${integer(atMs)}
    from (select 1) left join ${wallets}
      on ${wallets.applicationId} = ${applicationId} and ${wallets.currency} = ${currency}`);
}

/** Casts a bound number, which D1 passes as floating point, to an integer: money is summed in integers. */
function integer(amount: number): SQL {
  return sql`cast(${amount} as integer)`;
}
