import { and, eq, type SQL, sql } from "drizzle-orm";
import { type EntryType, sideId } from "../../domain/transfers/side";
import { compiled } from "../compiled";
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

/** The values that fill the statements of a movement. */
interface Filled extends Transfer {
  debitId: string;
  creditId: string;
  atMs: number;
  day: string;
}

/**
 * Moves the amount from the sender's wallet to the receiver's, with an entry on each side. Wallets change by relative
 * update, and each entry is read from its wallet right after, in the same batch: so chains have no gaps, whoever else
 * moves money.
 */
export function moveMoney(db: Database, { transfer, atMs, day }: Movement): readonly Statement[] {
  const filled = {
    ...transfer,
    ...{ debitId: sideId(transfer.id, "DEBIT"), creditId: sideId(transfer.id, "CREDIT"), atMs, day },
  };
  return transfer.senderAppId === transfer.receiverAppId ? moveWithin(db, filled) : moveAcross(db, filled);
}

const moveAcross = compiled((db, filled: Filled) => {
  const { senderAppId, receiverAppId, currency, amount } = filled;
  const debited = { applicationId: senderAppId, currency };
  const credited = { applicationId: receiverAppId, currency };
  const closing = sql`${wallets.balance}`;
  return [
    updateWallet(db, debited, { debit: amount, credit: 0, entries: 1, atMs: filled.atMs }),
    insertEntry(db, filled, debited, {
      type: "DEBIT",
      sequence: sql`${wallets.sequence}`,
      opening: sql`${closing} + ${integer(amount)}`,
      closing,
    }),
    updateWallet(db, credited, { debit: 0, credit: amount, entries: 1, atMs: filled.atMs }),
    insertEntry(db, filled, credited, {
      type: "CREDIT",
      sequence: sql`${wallets.sequence}`,
      opening: sql`${closing} - ${integer(amount)}`,
      closing,
    }),
  ];
});

/**
 * Moves an amount within one wallet (src/guides/decisions.md#wallets): its balance stays, and no limit is checked in
 * between.
 */
const moveWithin = compiled((db, filled: Filled) => {
  const { senderAppId: applicationId, currency, amount, atMs } = filled;
  const wallet = { applicationId, currency };
  const balance = sql`${wallets.balance}`;
  const between = sql`${balance} - ${integer(amount)}`;
  return [
    updateWallet(db, wallet, { debit: amount, credit: amount, entries: 2, atMs }),
    insertEntry(db, filled, wallet, {
      type: "DEBIT",
      sequence: sql`${wallets.sequence} - 1`,
      opening: balance,
      closing: between,
    }),
    insertEntry(db, filled, wallet, {
      type: "CREDIT",
      sequence: sql`${wallets.sequence}`,
      opening: between,
      closing: balance,
    }),
  ];
});

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
  filled: Filled,
  { applicationId, currency }: WalletKey,
  entry: { type: EntryType; sequence: SQL; opening: SQL; closing: SQL },
): Statement {
  const { id, reference, amount, narration, day, atMs } = filled;
  const isDebit = entry.type === "DEBIT";
  const entryId = isDebit ? filled.debitId : filled.creditId;
  const counterpartyTag = isDebit ? filled.receiverTag : filled.senderTag;
  return db.insert(walletEntries).select(sql`
    select ${applicationId}, ${currency}, ${entry.sequence}, ${entryId}, ${id}, ${reference},
      ${entry.type}, ${integer(amount)}, ${entry.opening}, ${entry.closing}, ${counterpartyTag},
      ${narration}, ${day}, ${integer(atMs)}
    from (select 1) left join ${wallets}
      on ${wallets.applicationId} = ${applicationId} and ${wallets.currency} = ${currency}`);
}

/** Casts a bound number, which D1 passes as floating point, to an integer: money is summed in integers. */
function integer(amount: number): SQL {
  return sql`cast(${amount} as integer)`;
}
