import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { feesAggregate } from "../../src/db/stripe-fees";
import { typesOfStripesOwn } from "../../src/stripe/line-types";
import { Journey } from "../journey";
import { newOrderId, Shop, type Transaction } from "../shop";
import { booksOf, expectProof } from "./books";
import { rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let world: { accountId: string };

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
  world = { accountId: await shop.account() };
});

/** The emulator bills 1.5 % and 25 cents for a charge of 10.00, and 20.00 for a dispute. */
const chargeFee = 40;
const disputeFee = 2000;

const pay = () => shop.paid({}, world);

/** Pays with a fee for the platform, which only an order can name. */
async function payWithFee(feeMinor: number): Promise<Transaction> {
  const shopper = await shop.shopper();
  const orderId = newOrderId();
  const terms = { account_id: world.accountId, amount: 1000, application_fee_amount: feeMinor };
  await shop.ask(shopper, "PUT", `/orders/${orderId}`, terms);
  const { body } = await shop.create(shopper, { order_id: orderId });
  const transaction = { shopper, orderId, accountId: world.accountId, transactionId: body.data.transaction_id };
  expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
  return transaction;
}

const booked = async () => (await booksOf(journey, "usd")).stripe_fees ?? 0;
const changes = () =>
  rows<{ aggregate_id: string; version: number; data: string }>(
    "select aggregate_id, version, data from journal where name = 'book-stripe-fees' order by aggregate_id, version",
  );

async function chargeOf({ transactionId, accountId }: Transaction): Promise<string> {
  return (await journey.stripe(`/payment_intents/${transactionId}`, accountId)).latest_charge;
}

async function listCalls(): Promise<number> {
  const { requests } = (await journey.control("GET", "requests?match=GET%20/v1/balance_transactions")).body;
  return requests.length;
}

async function currency() {
  return (await journey.operator("GET", "/reconcile")).body.currencies[0];
}

const minutes = (count: number) => journey.advance(count * 60);

describe("what Stripe bills for connected accounts", () => {
  it("is awaited at first, then booked, once", async () => {
    const paid = await pay();
    await payWithFee(100);
    expect(await booked()).toBe(0);
    expect(await currency()).toMatchObject({ awaitedMinor: -2 * chargeFee, unexplainedMinor: 0 });
    await expectProof(journey);

    await journey.control("POST", "disputes", { charge: await chargeOf(paid) });
    await minutes(11);
    const billed = 2 * chargeFee + disputeFee;
    expect(await booksOf(journey, "usd")).toMatchObject({ stripe_fees: billed, stripe_balance: 100 - billed });
    expect(await currency()).toMatchObject({ awaitedMinor: 0, unexplainedMinor: 0, stripeBalanceMinor: 100 - billed });
    await expectProof(journey);
    await minutes(11);
    await minutes(70);
    expect(await booked()).toBe(billed);
    expect(await changes()).toHaveLength(1);
    const bills = await rows("select reference from postings where account = 'stripe_fees' and reference like 'txn_%'");
    expect(bills).toHaveLength(3);
  });

  it("is booked for the day on which Stripe made it, under that day's id", async () => {
    const today = (await journey.control("GET", "clock")).body.nowSeconds * 1000;
    await pay();
    await minutes(11);
    await minutes(24 * 60);
    const tomorrow = (await journey.control("GET", "clock")).body.nowSeconds * 1000;
    await pay();
    await minutes(11);
    expect((await changes()).map(({ aggregate_id, version }) => [aggregate_id, version])).toEqual([
      [feesAggregate(today), 1],
      [feesAggregate(tomorrow), 1],
    ]);
    expect(feesAggregate(Date.UTC(2026, 10, 20, 23, 59))).toBe("01a1f640-bc00-8000-8000-000000000000");
  });

  it("is booked to the last bill, though there are more than one run reads", async () => {
    await pay();
    await minutes(11);
    const { nowSeconds: from } = (await journey.control("GET", "clock")).body;
    const bills = { kind: "balance_transactions", type: "stripe_fee", count: 4_500, from, to: from + 60 };
    await journey.control("POST", "fill", bills);
    await minutes(11);
    for (let run = 0; run < 3; run += 1) await minutes(1);
    expect(await booked()).toBe(4_501 * chargeFee);
    expect(await listCalls()).toBeLessThan(45 * 2 + 6 * typesOfStripesOwn.length); // once more when an hour begins
  });

  it("is booked once by runs at the same time", async () => {
    for (let count = 0; count < 3; count += 1) await pay();
    await minutes(0);
    await pay();
    await rows("update cursors set value = value - 3600000 where name = 'stripe-fees'");
    await Promise.all(Array.from({ length: 4 }, () => journey.control("POST", "tick")));
    await minutes(11);
    expect(await booked()).toBe(4 * chargeFee);
    await expectProof(journey);
  });

  it("is found when the list could not be read, and when it lags", async () => {
    await pay();
    await journey.fault("GET /v1/balance_transactions", "500", 1_000);
    await minutes(21);
    await journey.control("DELETE", "faults");
    expect(await booked()).toBe(0);
    expect(await journey.reconcile()).toMatchObject({
      ok: false,
      unexplained: [{ types: ["stripe_fee"], stripeMinor: -chargeFee, ledgerMinor: 0 }],
    });
    await minutes(1);
    expect(await booked()).toBe(chargeFee);

    await pay();
    const { nowSeconds } = (await journey.control("GET", "clock")).body;
    await rows("update cursors set value = ? where name = 'stripe-fees'", (nowSeconds + 60) * 1000);
    await minutes(12);
    expect(await booked()).toBe(2 * chargeFee);
    await expectProof(journey);
  });

  it("is found after a month's silence", async () => {
    await pay();
    await minutes(31 * 24 * 60);
    expect(await booked()).toBe(chargeFee);
  });

  it("is not asked for before there is a payment", async () => {
    await minutes(11);
    await minutes(11);
    expect(await listCalls()).toBe(0);
    await pay();
    await minutes(11);
    expect(await listCalls()).toBe(typesOfStripesOwn.length);
    expect(await booked()).toBe(chargeFee);
  });

  it("is asked for every ten minutes, and no more often", async () => {
    await pay();
    for (let count = 0; count < 10; count += 1) await minutes(3);
    expect(await listCalls()).toBeLessThanOrEqual(4 * typesOfStripesOwn.length);
    expect(await listCalls()).toBeGreaterThanOrEqual(3 * typesOfStripesOwn.length);
  });
});

describe("connected accounts", () => {
  const compared = async () => (await journey.operator("GET", "/reconcile/accounts")).body;

  it("agree with the books after payments, fees, refunds, disputes and payouts", async () => {
    const paid = await payWithFee(100);
    await shop.refund(paid, { amount: 333 });
    const disputed = await payWithFee(50);
    const { id } = (await journey.control("POST", "disputes", { charge: await chargeOf(disputed) })).body;
    await minutes(1);
    expect(await compared()).toMatchObject({ ok: true, accounts: [{ accountId: world.accountId, compared: 2 }] });
    await journey.control("POST", "disputes", { dispute: id, status: "won" });
    await minutes(8 * 24 * 60);
    await journey.control("POST", "payouts", { account: world.accountId });
    await minutes(1);
    expect(await compared()).toMatchObject({ ok: true, next: null });
    await expectProof(journey);
  });

  it("differ by what we have not heard of, and it is named", async () => {
    const paid = await pay();
    await minutes(11);
    await journey.events("hold");
    const headers = { Authorization: "Bearer sk_test_another", "Stripe-Account": world.accountId };
    const body = new URLSearchParams({ payment_intent: paid.transactionId, amount: "250" });
    const url = "http://localhost:8787/sandbox/stripe/v1/refunds";
    const refund: { id: string } = await (
      await exports.default.fetch(new Request(url, { method: "POST", headers, body }))
    ).json();
    const lost = { reference: refund.id, types: ["refund"], stripeMinor: -250, ledgerMinor: 0, currency: "usd" };
    expect(await compared()).toMatchObject({ ok: false, accounts: [{ unexplained: [lost] }] });
    expect(await journey.reconcile()).toMatchObject({ ok: false, unexplained: [lost] });
    await journey.events("deliver");
    await journey.flushEvents();
    await minutes(1);
    expect(await compared()).toMatchObject({ ok: true });
  });

  it("differ by money that no payment brought", async () => {
    await payWithFee(200);
    await minutes(5 * 24 * 60);
    await expectProof(journey);
    const { id } = await journey.stripePost("/transfers", {
      amount: 70,
      currency: "usd",
      destination: world.accountId,
    });
    const { ok, unexplained } = await journey.reconcile();
    expect([ok, unexplained]).toMatchObject([
      false,
      [
        { reference: id, types: ["transfer"], stripeMinor: -70, ledgerMinor: 0 },
        { types: ["payment"], stripeMinor: 70, ledgerMinor: 0 },
      ],
    ]);
  });

  it("are named as closed where Stripe shows them no more", async () => {
    await journey.events("drop");
    const headers = { Authorization: "Bearer sk_test_another" };
    await journey.call("DELETE", `/sandbox/stripe/v1/accounts/${world.accountId}`, { headers });
    expect(await compared()).toMatchObject({ ok: true, accounts: [{ isClosed: true, compared: 0 }] });
  });

  it("are compared page by page", async () => {
    for (let count = 0; count < 20; count += 1) await shop.account();
    const first = await compared();
    expect([first.accounts.length, first.next]).toEqual([20, first.accounts.at(-1).id]);
    const second = (await journey.operator("GET", `/reconcile/accounts?after=${first.next}`)).body;
    expect([second.accounts.length, second.next]).toEqual([1, null]);
    const ids = [...first.accounts, ...second.accounts].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(21);
  });
});
