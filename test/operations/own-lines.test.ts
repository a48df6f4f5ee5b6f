import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { LedgerAccount } from "../../src/domain/ledger";
import { Journey } from "../journey";
import { newOrderId, Shop } from "../shop";
import { booksOf, expectProof } from "./books";

/**
 * Tests of lines that Stripe itself writes into balances: a real platform has such lines every day, and the ledger must
 * explain them.
 */
const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(async () => {
  await journey.reset();
});

const day = 24 * 60 * 60;

/** Earns a commission that is available on the platform. */
async function earn(): Promise<void> {
  const paid = await journey.paidOffer();
  await journey.accept(paid);
  await journey.advance(0);
  await journey.advance(3 * day);
}

const write = (type: string, amount: number, more: object = {}) =>
  journey.control("POST", "balance", { type, amount, ...more });
const settle = () => journey.advance(11 * 60);
const reconciled = async () => (await journey.operator("GET", "/reconcile")).body;

describe("payouts to the platform's own bank", () => {
  it("are booked to it day after day, and nothing is unexplained", async () => {
    await journey.control("POST", "payouts", { schedule: "daily" });
    await earn();
    const first = (await booksOf(journey)).bank ?? 0;
    expect(first).toBeGreaterThan(0);
    expect((await booksOf(journey)).stripe_balance).toBeUndefined();
    await expectProof(journey);
    await earn();
    expect(await booksOf(journey)).toMatchObject({ bank: 2 * first });
    await expectProof(journey);
  });

  it("are awaited for the minutes until they are booked", async () => {
    await earn();
    await journey.control("POST", "payouts", { schedule: "daily" });
    await journey.advance(0);
    const { ok, currencies } = await reconciled();
    expect(ok).toBe(true);
    expect(currencies[0].awaitedMinor).toBeLessThan(0);
  });
});

describe("lines of each type", () => {
  const lines: Record<string, [amount: number, account: LedgerAccount]> = {
    tax_fee: [-17, "stripe_fees"],
    stripe_fx_fee: [-23, "stripe_fees"],
    fee_credit_funding: [100, "stripe_fees"],
    network_cost: [-41, "stripe_fees"],
    payout_minimum_balance_hold: [-900, "stripe_reserves"],
    payout_minimum_balance_release: [400, "stripe_reserves"],
    reserve_transaction: [-70, "stripe_reserves"],
    reserve_hold: [-60, "stripe_reserves"],
    reserve_release: [50, "stripe_reserves"],
    topup: [5_000, "bank"],
    adjustment: [-333, "stripe_adjustments"],
  };

  it("are booked to their accounts, once, and nothing is unexplained", async () => {
    await earn();
    const before = await booksOf(journey);
    for (const [type, [amount]] of Object.entries(lines)) await write(type, amount);
    for (let run = 0; run < 2; run += 1) await settle();
    const expected = { ...before };
    for (const [amount, account] of Object.values(lines)) {
      expected.stripe_balance = (expected.stripe_balance ?? 0) + amount;
      expected[account] = (expected[account] ?? 0) - amount;
    }
    expect(await booksOf(journey)).toEqual(expected);
    await expectProof(journey);
  });

  it("are unexplained where nobody has decided about their type", async () => {
    await earn();
    await write("unheard_of", -5);
    await settle();
    expect(await reconciled()).toMatchObject({ ok: false, unexplained: [{ types: ["unheard_of"], stripeMinor: -5 }] });
    expect(await booksOf(journey)).not.toHaveProperty("stripe_adjustments");
  });

  it("are found though Stripe dates them back, up to three days", async () => {
    await earn();
    await settle();
    const before = (await booksOf(journey)).stripe_fees ?? 0;
    await write("stripe_fee", -700, { ageSeconds: 2.9 * day });
    await journey.advance(60 * 60);
    expect((await booksOf(journey)).stripe_fees).toBe(before + 700);
    await expectProof(journey);
  });

  it("that fill up a seller's account are our loss, and none of the seller's payments", async () => {
    const shop = await Shop.open(journey);
    const accountId = await shop.account();
    await shop.paid({ order_id: newOrderId() }, { accountId });
    await write("connect_collection_transfer", -250, { currency: "usd", account: accountId });
    await settle();
    expect(await booksOf(journey, "usd")).toMatchObject({ collected_from_us: 250 });
    await expectProof(journey);
  });
});
