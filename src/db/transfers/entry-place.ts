import { and, inArray, type SQL, sql } from "drizzle-orm";
import { transfersOfSide } from "../../domain/transfers/side";
import { isPartyMadeWith } from "./made-with";
import { transfers, walletEntries, wallets } from "./tables";
import type { WalletKey } from "./wallets";

/*
 * Where an entry is in a wallet's chain. Entries are numbered without gaps and kept in order of these numbers only,
 * because an index by time would cost a row at every transfer.
 */

/** Tolerance: entries are numbered in the order of their times but for the clocks of acceptances, which differ by seconds. */
const apartMs = 60_000;

/** Selects the number of an entry before all that were made at a moment or later. */
export function beforeAllSince(key: WalletKey, atMs: number | SQL): SQL {
  return lastBefore(key, sql`${atMs} - ${apartMs}`);
}

/** Selects the number of an entry that is not before any that was made until a moment. */
export function behindAllUntil(key: WalletKey, atMs: number | SQL): SQL {
  return lastBefore(key, sql`${atMs} + ${apartMs}`);
}

/**
 * Selects the number of the last entry before a moment by halving the chain, which reads an entry for each doubling of
 * its length; 0 if there is none, null if the wallet does not exist.
 */
function lastBefore({ applicationId, currency }: WalletKey, atMs: SQL): SQL {
  const middle = sql.raw("(low + high + 1) / 2");
  const isEarlier = sql`${walletEntries.createdAt} < moment`;
  const last = sql`(select ${wallets.sequence} from ${wallets}
    where ${wallets.applicationId} = ${applicationId} and ${wallets.currency} = ${currency})`;
  // The moment is computed once: a statement of D1 holds a hundred parameters.
  return sql`(with recursive half (low, high) as (
    select 0, ${last} union all
    select iif(${isEarlier}, ${middle}, low), iif(${isEarlier}, high, ${middle} - 1)
    from half cross join (select ${atMs} as moment) cross join ${walletEntries}
    where low < high and ${walletEntries.applicationId} = ${applicationId}
      and ${walletEntries.currency} = ${currency} and ${walletEntries.sequence} = ${middle}
  ) select low from half where low = high)`;
}

/** Selects the time at which the transfer of a reference was accepted. */
export function acceptanceOf(reference: string): SQL {
  return sql`(select ${transfers.acceptedAt} from ${transfers} where ${transfers.reference} = ${reference})`;
}

/** Selects the time at which the transfer of an entry was accepted, by the entry's id. */
export function acceptanceOfEntry({ applicationId }: WalletKey, id: string): SQL {
  const isItsTransfer = and(isPartyMadeWith(applicationId, id), inArray(transfers.id, transfersOfSide(id)));
  return sql`(select ${transfers.acceptedAt} from ${transfers} where ${isItsTransfer})`;
}
