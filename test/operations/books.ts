import { expect } from "vitest";
import type { LedgerAccount } from "../../src/domain/ledger";
import type { Journey } from "../journey";
import { paymentOf, rows } from "./rows";

/** Balances in minor units: a debit is positive, a credit negative. An omitted account is zero. */
export type Books = Partial<Record<LedgerAccount, number>>;

/** Reads `GET /admin/ledger`, without the accounts at zero. */
export async function booksOf(journey: Journey, currency = "eur"): Promise<Books> {
  const { body } = await journey.operator("GET", "/ledger");
  const lines = (body.data as { account: LedgerAccount; currency: string; amountMinor: number }[]).filter(
    (line) => line.amountMinor !== 0,
  );
  expect(lines.every((line) => line.currency === currency)).toBe(true);
  return Object.fromEntries(lines.map((line) => [line.account, line.amountMinor]));
}

/** Expects these balances, to the cent, and that every invariant holds and Stripe's own balance is explained. */
export async function expectBooks(journey: Journey, expected: Books, currency = "eur"): Promise<void> {
  expect(await booksOf(journey, currency)).toEqual(expected);
  await expectProof(journey);
}

/**
 * Sums what one payment has posted, in minor units. Stripe's own bills belong to no payment: they are booked by
 * themselves.
 */
export async function booksOfPayment(transaction: { transactionId: string }): Promise<Books> {
  const lines = await rows<{ account: LedgerAccount; sum: number }>(
    "select account, sum(amount_minor) as sum from postings where aggregate_id = ? group by account having sum <> 0",
    (await paymentOf(transaction)).id,
  );
  return Object.fromEntries(lines.map(({ account, sum }) => [account, sum]));
}

/** Expects that every invariant holds and Stripe's own balance is explained, line by line. */
export async function expectProof(journey: Journey): Promise<void> {
  const { invariants } = await journey.ledgerCheck();
  expect(invariants.filter((invariant) => !invariant.ok)).toEqual([]);
  expect(await journey.reconcile()).toMatchObject({ ok: true, unexplained: [] });
}

/**
 * An offer of 100.00 in minor units, computed by hand: 21 % on top; the emulator keeps 1.5 % of 121.00, rounded half
 * up, and 25 cents.
 */
export const hundred = { price: 100, priceMinor: 10_000, commissionMinor: 2_100, totalMinor: 12_100, feeMinor: 207 };
