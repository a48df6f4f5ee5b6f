import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { newOrderId, Shop, type Shopper, type Transaction, verdict } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf } from "../rows";
import { intentCount } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;
let shop: Shop;
let world: { accountId: string; shopper: Shopper };
let otherAccountId: string;

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
  otherAccountId = await shop.account();
});

afterEach(async () => {
  await journey.control("DELETE", "faults");
  await journey.events("deliver");
  await expectProof(journey);
});

const reserved = { capture_method: "manual" };

describe("the terms of an order", () => {
  /** The order's terms beside 10.00 dollars on the account, the request's terms, and the expected answer. */
  const terms: [string, object | undefined, () => object, [number, string]][] = [
    ["alone are enough", {}, () => ({}), [201, "requires_payment_method"]],
    [
      "may be repeated",
      {},
      () => ({ amount: 1000, account_id: world.accountId, currency: "usd" }),
      [201, "requires_payment_method"],
    ],
    ["may be repeated as text", {}, () => ({ amount: "1000" }), [201, "requires_payment_method"]],
    ["forbid another amount", {}, () => ({ amount: 999 }), [422, "terms_differ"]],
    ["forbid another currency", {}, () => ({ currency: "eur" }), [422, "terms_differ"]],
    ["forbid another account", {}, () => ({ account_id: otherAccountId }), [422, "terms_differ"]],
    ["forbid an account of somebody else", {}, () => ({ account_id: "acct_of_nobody" }), [401, "account_foreign"]],
    ["may be in another currency", { currency: "eur" }, () => ({ amount: 1000 }), [201, "requires_payment_method"]],
    ["are required where there is no order", undefined, () => ({}), [422, "terms_missing"]],
    ["need an amount", undefined, () => ({ account_id: world.accountId }), [422, "terms_missing"]],
    ["need an account", undefined, () => ({ amount: 1000 }), [422, "terms_missing"]],
    [
      "need one's own account",
      undefined,
      () => ({ amount: 1000, account_id: "acct_of_nobody" }),
      [401, "account_foreign"],
    ],
    [
      "are complete without an order",
      undefined,
      () => ({ amount: 1000, account_id: world.accountId }),
      [201, "requires_payment_method"],
    ],
  ];

  it.each(terms)("%s", async (_, order, request, expected) => {
    const orderId = newOrderId();
    if (order) await shop.putOrder(orderId, { amount: 1000, account_id: world.accountId, ...order });
    const before = await intentCount(journey, world.accountId);
    const answer = await shop.create(world.shopper, { order_id: orderId, ...request() });
    expect(verdict(answer)).toEqual(expected);
    expect((await intentCount(journey, world.accountId)) - before).toBe(answer.status === 201 ? 1 : 0);
  });

  it("say which fields are missing or differ", async () => {
    const missing = await shop.create(world.shopper, { order_id: newOrderId() });
    expect(Object.keys(missing.body.details.errors)).toEqual(["amount", "account_id"]);
    const orderId = newOrderId();
    await shop.putOrder(orderId, { amount: 1000, account_id: world.accountId });
    const differing = await shop.create(world.shopper, { order_id: orderId, amount: 1, currency: "eur" });
    expect(differing.status).toBe(422);
    const other = await shop.create(world.shopper, { order_id: orderId, amount: 999, currency: "eur" });
    expect(Object.keys(other.body.details.errors)).toEqual(["amount", "currency"]);
  });

  it("name our fee, which a request cannot", async () => {
    const transaction = await shop.ordered({ application_fee_amount: 70 }, {}, world);
    await shop.confirm(transaction);
    expect((await shop.view(transaction)).body.data.application_fee_amount).toBe("70");
    const refused = await shop.create(world.shopper, {
      order_id: newOrderId(),
      account_id: world.accountId,
      amount: 1000,
      application_fee_amount: 500,
    });
    expect(verdict(refused)).toEqual([422, "input_invalid"]);
    const unasked = await shop.paid({}, world);
    expect(await booksOfPayment(unasked)).toEqual({ seller_balance: 1000, seller_payable: -1000 });
  });

  it("that Stripe will not charge are refused, and the order may be paid otherwise", async () => {
    const orderId = newOrderId();
    const terms = { order_id: orderId, account_id: world.accountId, currency: "huf" };
    const refused = await shop.create(world.shopper, { ...terms, amount: 100 });
    expect(verdict(refused)).toEqual([422, "amount_refused"]);
    expect((await shop.create(world.shopper, { ...terms, amount: 20_000 })).status).toBe(201);
  });
});

describe("while a payment stands for an order", () => {
  /** Every state in which it does, and how to reach it. */
  const states: [string, (transaction: Transaction) => Promise<unknown>, object][] = [
    ["requires_payment_method", async () => {}, {}],
    ["requires_action", (one) => shop.confirm(one, { payment_method_id: "pm_card_authenticationRequired" }), {}],
    ["processing", (one) => shop.debit(one), {}],
    ["requires_capture", (one) => shop.confirm(one), reserved],
    ["succeeded", (one) => shop.confirm(one), {}],
  ];

  it.each(states)("%s: the same again is the same, anything else is refused", async (state, arrive, body) => {
    const transaction = await shop.ordered({ currency: "eur" }, body, world);
    await arrive(transaction);
    const { orderId, shopper, transactionId } = transaction;
    const again = await shop.create(shopper, { order_id: orderId, ...body });
    expect(verdict(again)).toEqual([200, state]);
    expect(again.body.data.transaction_id).toBe(transactionId);

    const somebody = await shop.create(await shop.shopper(), { order_id: orderId, ...body });
    expect(verdict(somebody)).toEqual([409, "payment_exists"]);
    const terms = { amount: 1000, currency: "eur", account_id: world.accountId };
    for (const change of [
      { amount: 1100 },
      { currency: "usd" },
      { account_id: otherAccountId },
      { application_fee_amount: 1 },
    ]) {
      expect(verdict(await shop.putOrder(orderId, { ...terms, ...change }))).toEqual([409, "payment_exists"]);
    }
    expect((await shop.putOrder(orderId, terms)).status).toBe(200);
    if (state === "processing") await journey.advance(61);
  });

  it("and the order has no terms of its own, those of the payment hold", async () => {
    const transaction = await shop.started({}, world);
    const again = { order_id: transaction.orderId, account_id: world.accountId, amount: 1000 };
    expect(verdict(await shop.create(world.shopper, again))).toEqual([200, "requires_payment_method"]);
    for (const change of [{ amount: 1100 }, { currency: "eur" }, { account_id: otherAccountId }]) {
      expect(verdict(await shop.create(world.shopper, { ...again, ...change }))).toEqual([409, "payment_exists"]);
    }
    expect(verdict(await shop.create(await shop.shopper(), again))).toEqual([409, "payment_exists"]);
    expect(await intentCount(journey, otherAccountId)).toBe(0);
  });

  it("of which nobody knows what became, the same again says so", async () => {
    const transaction = await shop.ordered({}, reserved, world);
    await shop.confirm(transaction);
    await journey.fault("POST /v1/payment_intents/*/capture", "429", 2);
    expect((await shop.capture(transaction)).status).toBe(503);
    const again = await shop.create(world.shopper, { order_id: transaction.orderId });
    expect(verdict(again)).toEqual([200, "unknown"]);
    expect(again.body.data.transaction_id).toBe(transaction.transactionId);
    for (const seconds of [3, 6]) await journey.advance(seconds);
    expect(verdict(await shop.create(world.shopper, { order_id: transaction.orderId }))).toEqual([200, "succeeded"]);
  });

  it("another way of capturing is another payment, and saying nothing of it is none", async () => {
    const { orderId, transactionId } = await shop.ordered({}, reserved, world);
    const silent = await shop.create(world.shopper, { order_id: orderId });
    expect([silent.status, silent.body.data.transaction_id]).toEqual([200, transactionId]);
    const otherwise = await shop.create(world.shopper, { order_id: orderId, capture_method: "automatic" });
    expect(verdict(otherwise)).toEqual([409, "payment_exists"]);
  });
});

describe("once a payment stands no more", () => {
  const ends: [string, (transaction: Transaction) => Promise<unknown>, object][] = [
    ["cancelled", (one) => shop.cancel(one), {}],
    ["refunded", (one) => shop.confirm(one).then(() => shop.refund(one)), {}],
    ["released", (one) => shop.confirm(one).then(() => shop.refund(one)), reserved],
    ["expired", (one) => shop.confirm(one).then(() => journey.advance(7 * day + 120)), reserved],
  ];

  it.each(ends)("%s: the order may change, and be paid anew", async (_, end, body) => {
    const first = await shop.ordered({}, body, world);
    await end(first);
    expect(await paymentOf(first)).toMatchObject({ live: null });
    expect((await shop.putOrder(first.orderId, { amount: 1500, account_id: world.accountId })).status).toBe(200);
    const shopper = await shop.shopper();
    const made = await shop.create(shopper, { order_id: first.orderId });
    expect(verdict(made)).toEqual([201, "requires_payment_method"]);
    const second = { ...first, shopper, transactionId: made.body.data.transaction_id };
    expect((await shop.confirm(second)).body.data.status).toBe("succeeded");
    expect(await booksOfPayment(second)).toEqual({ seller_balance: 1500, seller_payable: -1500 });
    expect((await shop.refund(second, { amount: 500 })).body.data.transaction_id).toBe(second.transactionId);
  });
});
