import { expect } from "vitest";
import { daysFrom } from "../../../src/domain/transfers/day";
import { rows } from "../rows";
import { type TotalColumns, totalOf } from "./wallets";

interface Entry {
  application_id: string;
  currency: string;
  sequence: number;
  transfer_id: string;
  type: "DEBIT" | "CREDIT";
  amount: number;
  day: string;
}

export interface BatchRow extends TotalColumns {
  day: string;
  currency: string;
  id: string;
  status: string;
  transaction_count: number;
  application_count: number;
}

interface PositionRow extends TotalColumns {
  day: string;
  currency: string;
  application_id: string;
  net_amount: number;
  opening_balance: number;
  closing_balance: number;
  transaction_count: number;
}

/** Reads every batch, oldest first. */
export function batchesOf(): Promise<BatchRow[]> {
  return rows("select * from settlement_batches order by day, currency");
}

/**
 * Counts every settled day again from the ledger, without the database's help: each completed transfer is in exactly
 * one batch, no day is left out, nothing is added, and positions open where the last one closed and end at the wallet's
 * balance.
 */
export async function expectAllSettled(): Promise<void> {
  const entries = await rows<Entry>("select * from wallet_entries");
  const positions = await rows<PositionRow>("select * from settlement_entries order by day");
  const batches = await batchesOf();
  const completed = await rows<{ id: string }>("select id from transfers where state = 'COMPLETED'");
  const keyOf = ({ day, currency }: { day: string; currency: string }) => `${day} ${currency}`;

  const batchKeys = batches.map(keyOf);
  expect(new Set(batchKeys).size).toBe(batchKeys.length);
  expect(entries.filter((entry) => !batchKeys.includes(keyOf(entry)))).toEqual([]);
  expect(batches.reduce((sum, batch) => sum + batch.transaction_count, 0)).toBe(completed.length);
  const firstDay = entries.map(({ day }) => day).toSorted()[0] ?? "9999-12-31";
  const days = batches.filter(({ day, currency }) => currency === "NGN" && day >= firstDay).map(({ day }) => day);
  expect(days).toEqual(daysFrom(firstDay, days.at(-1) ?? ""));

  for (const batch of batches) {
    const own = entries.filter((entry) => keyOf(entry) === keyOf(batch));
    const credits = own.filter(({ type }) => type === "CREDIT");
    const total = sum(credits.map(({ amount }) => amount));
    expect(batch).toMatchObject({
      status: "COMPLETED",
      transaction_count: credits.length,
      application_count: new Set(own.map(({ application_id }) => application_id)).size,
    });
    expect([totalOf(batch, "credited"), totalOf(batch, "debited")]).toEqual([BigInt(total), BigInt(total)]);
    const inBatch = positions.filter((position) => keyOf(position) === keyOf(batch));
    expect(sum(inBatch.map(({ net_amount }) => net_amount))).toBe(0);
    expect(inBatch).toHaveLength(batch.application_count);
    for (const position of inBatch) {
      const lines = own.filter(({ application_id }) => application_id === position.application_id);
      const sumOf = (side: Entry["type"]) => sum(lines.filter(({ type }) => type === side).map(({ amount }) => amount));
      expect(totalOf(position, "credited")).toBe(BigInt(sumOf("CREDIT")));
      expect(totalOf(position, "debited")).toBe(BigInt(sumOf("DEBIT")));
      expect(position.transaction_count).toBe(new Set(lines.map(({ transfer_id }) => transfer_id)).size);
    }
  }

  const wallets = await rows<{ application_id: string; currency: string; balance: number }>("select * from wallets");
  for (const { application_id, currency, balance } of wallets) {
    const chain = positions.filter((one) => one.application_id === application_id && one.currency === currency);
    let closed = 0;
    for (const { opening_balance, closing_balance, net_amount } of chain) {
      expect(opening_balance).toBe(closed);
      closed += net_amount;
      expect(closing_balance).toBe(closed);
    }
    expect(closed).toBe(balance);
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
