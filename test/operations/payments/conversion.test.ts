import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { buildDeps } from "../../../src/container";
import { emptyCost } from "../../../src/cost";
import { type Command, run } from "../../../src/operations/operations";
import { createPayment } from "../../../src/operations/payments/create-payment";
import { putOrder } from "../../../src/operations/payments/put-order";
import { Journey } from "../../journey";
import { identity, newOrderId, Shop, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { rows } from "../rows";

/**
 * Tests that the ledger follows Stripe's conversions of direct charges to their account's currency, and of our fee to
 * ours.
 */
const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;

beforeEach(async () => {
  await journey.reset();
  await journey.control("POST", "conversion", { mode: "on", rates: { usd: 0.9, gbp: 1.2 } });
  shop = await Shop.open(journey);
});

/** Sums what was posted on an account, per currency. */
async function postedOn(account: string): Promise<Record<string, number>> {
  const lines = await rows<{ currency: string; sum: number }>(
    "select currency, sum(amount_minor) as sum from postings where account = ? group by currency having sum <> 0",
    account,
  );
  return Object.fromEntries(lines.map(({ currency, sum }) => [currency, sum]));
}

/** Pays 10.00 on an account of the United States, with a fee of 1.00 for the platform, which is Dutch. */
async function paid(currency: string, more: object = {}): Promise<Transaction> {
  const transaction = await shop.ordered({ amount: 1000, currency, application_fee_amount: 100, ...more });
  expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
  return transaction;
}

const settle = () => journey.advance(11 * 60);

describe("a payment in the account's own currency", () => {
  it("brings the platform its fee in the platform's", async () => {
    await paid("usd");
    expect(await postedOn("seller_balance")).toEqual({ usd: 900 });
    expect(await postedOn("application_fees")).toEqual({ eur: -90 });
    await settle();
    expect(await postedOn("stripe_balance")).toEqual({ eur: 90 - 36 });
    await expectProof(journey);
  });
});

describe("a payment in a third currency", () => {
  it("is the seller's in the account's currency, and ours in the platform's", async () => {
    const transaction = await paid("gbp");
    // 10.00 GBP are 12.00 EUR, which are 13.33 USD; the fee is a tenth of each.
    expect(await postedOn("seller_balance")).toEqual({ usd: 1333 - 133 });
    expect(await postedOn("application_fees")).toEqual({ eur: -120 });
    await settle();
    await expectProof(journey);
    expect((await shop.view(transaction)).body.data).toMatchObject({ amount_captured: "1000" });
  });

  it("is given back at the rate of its day, and both sides agree to the cent", async () => {
    const transaction = await paid("gbp");
    await journey.control("POST", "conversion", { mode: "on", rates: { usd: 0.8, gbp: 1.3 } });
    expect((await shop.refund(transaction, { amount: 400 })).status).toBe(200);
    expect(await postedOn("application_fees")).toEqual({ eur: -120 + 52 });
    expect(await postedOn("seller_balance")).toEqual({ usd: 1200 - (650 - 65) });
    await settle();
    await expectProof(journey);
  });

  it("is taken by a dispute, and comes back, at its own rates", async () => {
    const transaction = await paid("gbp");
    const { latest_charge: charge } = await journey.stripe(
      `/payment_intents/${transaction.transactionId}`,
      transaction.accountId,
    );
    const { id } = (await journey.control("POST", "disputes", { charge })).body;
    await settle();
    expect(await postedOn("seller_balance")).toEqual({ usd: 1200 - 1333 });
    await expectProof(journey);
    await journey.control("POST", "conversion", { mode: "on", rates: { usd: 0.8, gbp: 1.2 } });
    await journey.control("POST", "disputes", { dispute: id, status: "won" });
    await settle();
    expect(await postedOn("seller_balance")).toEqual({ usd: 1200 - 1333 + 1500 });
    await expectProof(journey);
  });

  it.each(["at_once", "always_late"])(
    "may be our fee altogether: nothing is left for the seller, and nothing amiss (%s)",
    async (mode) => {
      await journey.control("POST", "fees", { mode });
      const transaction = await paid("gbp", { application_fee_amount: 1000 });
      await journey.advance(70);
      await settle();
      expect(await postedOn("seller_balance")).toEqual({});
      expect(await postedOn("application_fees")).toEqual({ eur: -1200 });
      await expectProof(journey);
      expect((await shop.refund(transaction, { amount: 400 })).status).toBe(200);
      await settle();
      expect(await postedOn("application_fees")).toEqual({ eur: -720 });
      await expectProof(journey);
    },
  );

  it("may be our fee altogether where another hand captures just the fee", async () => {
    const transaction = await shop.ordered(
      { currency: "gbp", application_fee_amount: 500 },
      { capture_method: "manual" },
    );
    await shop.confirm(transaction);
    const { transactionId, accountId } = transaction;
    const captured = await journey.stripePost(
      `/payment_intents/${transactionId}/capture`,
      { amount_to_capture: 500 },
      accountId,
    );
    expect(captured).toMatchObject({ status: "succeeded" });
    await journey.advance(70);
    await settle();
    expect((await shop.view(transaction)).body.data).toMatchObject({ status: "succeeded", amount_captured: "500" });
    expect(await postedOn("seller_balance")).toEqual({});
    await expectProof(journey);
  });

  it("is corrected where Stripe settles it later than it succeeds", async () => {
    await journey.control("POST", "fees", { mode: "always_late" });
    const transaction = await paid("gbp");
    expect(await postedOn("seller_balance")).toEqual({ gbp: 1000 });
    await journey.advance(70);
    await settle();
    expect(await postedOn("seller_balance")).toEqual({ usd: 1200 });
    expect(await booksOfPayment(transaction)).toMatchObject({ application_fees: -120 });
    await expectProof(journey);
  });
});

it("comes back whole when a refund fails, but for what the rates took", async () => {
  const transaction = await paid("gbp");
  await journey.control("POST", "refunds", { next: "pending_then_fail" });
  expect((await shop.refund(transaction)).status).toBe(200);
  await journey.control("POST", "conversion", { mode: "on", rates: { usd: 0.9, gbp: 1.1 } });
  await journey.advance(61);
  await settle();
  await expectProof(journey);
});

describe("where conversion is refused", () => {
  const refusing = () => buildDeps({ ...env, CONVERTED_CURRENCIES: "refuse" }, "test");

  it("an order is taken in the account's own currency only, and with a fee in the platform's as well", async () => {
    const accountId = await shop.account();
    const [developer] = await rows<{ id: string }>("select id from developers");
    const put = async (currency: string, applicationFeeMinor: number) => {
      const order = { developerId: developer?.id ?? "", appId: shop.appId, orderId: newOrderId() };
      return putOrder(await refusing(), { ...order, accountId, amountMinor: 1000, currency, applicationFeeMinor });
    };
    expect(await put("usd", 0)).toMatchObject({ ok: true });
    const detail = "currency must be usd: the account holds no gbp";
    expect(await put("gbp", 0)).toMatchObject({ ok: false, refusal: "currency_refused", detail });
    const ofFee = "currency must be eur: the platform holds no usd";
    expect(await put("usd", 100)).toMatchObject({ ok: false, refusal: "currency_refused", detail: ofFee });
  });

  it("a payment that names its own terms is taken in the account's own currency only", async () => {
    const accountId = await shop.account();
    const { userId } = await shop.shopper();
    const [developer] = await rows<{ id: string }>("select id from developers");
    const create = async (currency: string) =>
      createPayment(await refusing(), {
        developerId: developer?.id ?? "",
        appId: shop.appId,
        userId,
        orderId: newOrderId(),
        accountId,
        amountMinor: 1000,
        currency,
        captureMethod: undefined,
        details: { description: null, statementDescriptorSuffix: null, receiptEmail: null, metadata: null },
      });
    expect(await create("gbp")).toMatchObject({ ok: false, refusal: "currency_refused" });
    expect(await rows("select 1 from payments")).toEqual([]);
    expect(await create("usd")).toMatchObject({ ok: true });
  });

  it("a client is told so, by the name of the member", async () => {
    const account_id = await shop.account();
    const headers = { ...identity(await shop.shopper()), "Content-Type": "application/json" };
    // The sequencer's object has the settings of the whole run, so these commands run beside it.
    const perform = async (_: string, command: Command) => ({
      result: await run(await refusing(), command),
      cost: emptyCost(),
      settled: false,
    });
    const SEQUENCER = { idFromName: (name: string) => name, get: () => ({ perform }) };
    const ask = async (method: string, path: string, terms: object) => {
      const body = JSON.stringify({ account_id, amount: 1000, currency: "gbp", ...terms });
      const request = new Request(`http://localhost:8787/api/v1${path}`, { method, headers, body });
      const answer = await createApp().fetch(request, { ...env, CONVERTED_CURRENCIES: "refuse", SEQUENCER });
      return [answer.status, await answer.json()];
    };
    const errors = { currency: ["currency must be usd: the account holds no gbp"] };
    const refused = [
      422,
      expect.objectContaining({ code: "currency_refused", details: expect.objectContaining({ errors }) }),
    ];
    expect(await ask("PUT", `/orders/${newOrderId()}`, {})).toEqual(refused);
    expect(await ask("POST", "/transactions", { order_id: newOrderId() })).toEqual(refused);
  });
});
