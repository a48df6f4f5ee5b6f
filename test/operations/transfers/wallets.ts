import { expect } from "vitest";
import type { Wallet } from "../../../src/db/transfers/wallets";
import { rows } from "../rows";

/** The two integers of a total, for either side. */
export type TotalColumns = Record<`total_${"debited" | "credited"}_${"high" | "low"}`, number>;

/** Returns a row's total of one side, digit for digit. */
export function totalOf(row: TotalColumns, side: "debited" | "credited"): bigint {
  return BigInt(row[`total_${side}_high`]) * 100_000_000n + BigInt(row[`total_${side}_low`]);
}

type Row = Omit<Wallet, "totalDebited" | "totalCredited"> & TotalColumns;

/** Reads an application's wallet in a currency. Throws if there is none. */
export async function walletOf({ id }: { id: string }, currency = "NGN"): Promise<Wallet> {
  const [row] = await rows<Row>(
    `select application_id as applicationId, currency, id, balance, total_debited_high, total_debited_low,
       total_credited_high, total_credited_low, debit_limit as debitLimit, sequence, created_at as createdAt, updated_at as updatedAt
     from wallets where application_id = ? and currency = ?`,
    id,
    currency,
  );
  if (!row) throw new Error("there is no wallet");
  const [totalDebited, totalCredited] = [totalOf(row, "debited").toString(), totalOf(row, "credited").toString()];
  return { ...row, totalDebited, totalCredited };
}

interface Entry {
  application_id: string;
  currency: string;
  sequence: number;
  transfer_id: string;
  type: "DEBIT" | "CREDIT";
  amount: number;
  opening_balance: number;
  closing_balance: number;
}

/**
 * Sums every wallet again from its entries, in exact integers and without the database's help: chains without gaps from
 * zero, balances and totals, two equal sides of each completed transfer and of no other.
 */
export async function expectWalletsInOrder(): Promise<void> {
  const entries = await rows<Entry>("select * from wallet_entries order by application_id, currency, sequence");
  const wallets = await rows<Record<string, number | string> & TotalColumns>("select * from wallets");
  const completed = await rows<{ id: string; amount: number }>(
    "select id, amount from transfers where state = 'COMPLETED'",
  );
  for (const wallet of wallets) {
    const own = entries.filter(
      (entry) => entry.application_id === wallet.application_id && entry.currency === wallet.currency,
    );
    const sums = { DEBIT: 0n, CREDIT: 0n };
    let balance = 0n;
    own.forEach((entry, position) => {
      expect(entry.sequence).toBe(position + 1);
      expect(BigInt(entry.opening_balance)).toBe(balance);
      sums[entry.type] += BigInt(entry.amount);
      balance = sums.CREDIT - sums.DEBIT;
      expect(BigInt(entry.closing_balance)).toBe(balance);
    });
    expect(wallet).toMatchObject({
      sequence: own.length,
      balance: Number(balance),
    });
    expect([totalOf(wallet, "debited"), totalOf(wallet, "credited")]).toEqual([sums.DEBIT, sums.CREDIT]);
  }
  const sides = Map.groupBy(entries, ({ transfer_id }) => transfer_id);
  expect([...sides.keys()].toSorted()).toEqual(completed.map(({ id }) => id).toSorted());
  for (const { id, amount } of completed) {
    const both = (sides.get(id) ?? []).map(({ type, amount: moved }) => [type, moved]);
    expect(both.toSorted()).toEqual([
      ["CREDIT", amount],
      ["DEBIT", amount],
    ]);
  }
}
