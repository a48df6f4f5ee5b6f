import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, toldOfPayment } from "../rows";
import { chargeIdOf, stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
const minute = 60;
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

afterEach(async () => {
  await journey.events("deliver");
  await expectProof(journey);
});

/** Pays 10.00 with this card, with our fee if one is given. */
async function paid({ fee = 0, card = "pm_card_visa" } = {}): Promise<Transaction> {
  const transaction = await shop.ordered({ application_fee_amount: fee }, {}, world);
  expect((await shop.confirm(transaction, { payment_method_id: card })).body.data.status).toBe("succeeded");
  return transaction;
}

/** Sets the outcome of the next refund at Stripe. */
function plan(next: string) {
  return journey.control("POST", "refunds", { next });
}

async function seen(transaction: Transaction) {
  return (await shop.view(transaction)).body.data;
}

async function refundSeen({ shopper }: Transaction, { body }: Awaited<ReturnType<Shop["refund"]>>) {
  return (await shop.ask(shopper, "GET", `/refunds/${body.data.refund_id}`)).body.data;
}

/** Returns the balances of the seller's money and our fee. */
function books(sellerMinor: number, feeMinor = 0) {
  return {
    ...(sellerMinor === 0 ? {} : { seller_balance: sellerMinor, seller_payable: -sellerMinor }),
    ...(feeMinor === 0 ? {} : { application_fees: -feeMinor, stripe_balance: feeMinor }),
  };
}

describe("a refund", () => {
  it("of a part, of another, and of the rest: each is its own, and our fee goes back in proportion", async () => {
    const transaction = await paid({ fee: 33 });
    expect(await booksOfPayment(transaction)).toEqual(books(967, 33));
    const first = await shop.refund(transaction, { amount: 400, reason: "Damaged" });
    expect(first.body.data).toMatchObject({ status: "succeeded", amount: "400", reason: "Damaged" });
    expect(await booksOfPayment(transaction)).toEqual(books(580, 20)); // 13.2 of 33 cents were refunded
    const second = await shop.refund(transaction, { amount: 400 });
    expect(second.body.data.refund_id).not.toBe(first.body.data.refund_id);
    expect(await seen(transaction)).toMatchObject({ status: "succeeded", amount_refunded: "800" });
    const over = await shop.refund(transaction, { amount: 201 });
    expect([over.status, over.body.code, over.body.refundable]).toEqual([422, "amount_exceeds_refundable", 200]);
    expect((await shop.refund(transaction)).body.data.amount).toBe("200");
    expect((await shop.refund(transaction)).status).toBe(409);
    expect((await stripeSideOf(journey, transaction)).refunds.map(({ amount }) => amount).sort()).toEqual([
      200, 400, 400,
    ]);
    expect(await booksOfPayment(transaction)).toEqual({});
    expect((await toldOfPayment(transaction)).filter((type) => type === "refund.succeeded")).toHaveLength(3);
    expect(await paymentOf(transaction)).toMatchObject({ live: null });
  });

  it("books our fee's share although Stripe did not answer at once how much of the fee was left", async () => {
    const transaction = await paid({ fee: 50 });
    await journey.events("drop");
    await journey.fault("GET /v1/application_fees/*", "429", 1);
    expect((await shop.refund(transaction, { amount: 400 })).body.data.status).toBe("succeeded");
    expect(await booksOfPayment(transaction)).toEqual(books(550, 50));
    await journey.advance(61);
    expect(await booksOfPayment(transaction)).toEqual(books(570, 30));
    expect(await paymentOf(transaction)).toMatchObject({ due_at: null });
  });

  it("needs a payment that brought money, of the order, of the account that is named", async () => {
    const started = await shop.started({}, world);
    const unpaid = await shop.refund(started);
    expect([unpaid.status, unpaid.body.code]).toEqual([409, "nothing_refundable"]);
    const unknown = await shop.refund({ ...started, orderId: "order-of-nobody" });
    expect([unknown.status, unknown.body.details.message]).toEqual([
      404,
      "Transaction with order_id order-of-nobody not found.",
    ]);
    const transaction = await paid();
    const elsewhere = await shop.refund({ ...transaction, accountId: await shop.account() });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, "terms_differ"]);
    const foreign = await shop.refund({ ...transaction, accountId: "acct_of_nobody" });
    expect([foreign.status, foreign.body.detail]).toEqual([401, "Not the Owner of account"]);
    const strange = await shop.refund({ ...transaction, shopper: await shop.shopper() });
    expect(strange.status).toBe(404);
    expect(await booksOfPayment(transaction)).toEqual(books(1000));
  });
});

describe("a refund that takes its time", () => {
  it.each([
    ["deliver", minute + 1],
    ["drop", 60 * minute + 1],
  ] as const)("is pending, and then succeeds (events: %s)", async (mode, wait) => {
    const transaction = await paid({ fee: 50, card: "pm_card_pendingRefund" });
    await journey.events(mode);
    const refund = await shop.refund(transaction);
    expect(refund.body.data.status).toBe("pending");
    expect(await seen(transaction)).toMatchObject({ amount_refunded: "1000" });
    expect((await shop.refund(transaction)).status).toBe(409);
    await journey.advance(wait);
    expect((await refundSeen(transaction, refund)).status).toBe("succeeded");
    expect(await booksOfPayment(transaction)).toEqual({});
    const told = await toldOfPayment(transaction);
    expect(told.slice(2)).toEqual(["refund.pending", "refund.succeeded"]);
    expect(await paymentOf(transaction)).toMatchObject({ due_at: null });
  });

  it.each([
    ["deliver", minute + 1],
    ["drop", 60 * minute + 1],
  ] as const)("is pending, and then fails: the money is the seller's again (events: %s)", async (mode, wait) => {
    const transaction = await paid();
    await plan("pending_then_fail");
    await journey.events(mode);
    const refund = await shop.refund(transaction, { amount: 700 });
    expect(await booksOfPayment(transaction)).toEqual(books(300));
    await journey.advance(wait);
    expect((await refundSeen(transaction, refund)).status).toBe("failed");
    expect(await seen(transaction)).toMatchObject({ status: "succeeded", amount_refunded: "0" });
    expect(await booksOfPayment(transaction)).toEqual(books(1000));
    expect((await toldOfPayment(transaction)).slice(2)).toEqual(["refund.pending", "refund.failed"]);
    expect((await shop.refund(transaction)).body.data).toMatchObject({ status: "succeeded", amount: "1000" });
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it.each(["succeeded", "failed"])("waits for the seller's funds and moves nothing until it has %s", async (end) => {
    const transaction = await paid({ fee: 50 });
    await plan("pending_without_funds");
    const refund = await shop.refund(transaction);
    const waiting = { status: "pending", pending_reason: "insufficient_funds" };
    expect(refund.body.data).toMatchObject(waiting);
    expect(await refundSeen(transaction, refund)).toMatchObject(waiting);
    const whole = books(950, 50);
    expect(await booksOfPayment(transaction)).toEqual(whole);
    await expectProof(journey);
    const { data } = await journey.stripe(`/refunds?payment_intent=${transaction.transactionId}`, world.accountId);
    await journey.control("POST", "refunds", { refund: data[0].id, status: end });
    await journey.advance(1);
    const seenAtLast = await refundSeen(transaction, refund);
    expect([seenAtLast.status, "pending_reason" in seenAtLast]).toEqual([end, false]);
    expect(await booksOfPayment(transaction)).toEqual(end === "succeeded" ? {} : whole);
  });

  it.each(["deliver", "drop"] as const)("succeeds, and fails afterwards all the same (events: %s)", async (mode) => {
    const transaction = await paid({ fee: 50, card: "pm_card_refundFail" });
    await journey.events(mode);
    const refund = await shop.refund(transaction);
    expect(refund.body.data.status).toBe("succeeded");
    expect(await paymentOf(transaction)).toMatchObject({ live: null });
    await journey.advance(minute + 1);
    if (mode === "drop") await journey.advance(25 * 60 * minute); // without events: the account's own list shows it
    expect((await refundSeen(transaction, refund)).status).toBe("failed");
    expect(await seen(transaction)).toMatchObject({ amount_refunded: "0" });
    // Stripe keeps the fee refunded, so the whole payment is the seller's.
    expect(await booksOfPayment(transaction)).toEqual(books(1000));
    expect((await toldOfPayment(transaction)).slice(2)).toEqual(["refund.succeeded", "refund.failed"]);
  });

  it("fails at once, and says so", async () => {
    const transaction = await paid({ fee: 50 });
    await plan("fail");
    const refund = await shop.refund(transaction);
    expect([refund.status, refund.body.data.status]).toEqual([200, "failed"]);
    // Our fee was refunded all the same, and the reconciliation explains it.
    expect(await booksOfPayment(transaction)).toEqual(books(1000));
    expect(await paymentOf(transaction)).toMatchObject({ live: 1 });
    expect((await toldOfPayment(transaction)).slice(2)).toEqual(["refund.failed"]);
  });

  it("is not lost when the whole payment counts as gone back and its order has another", async () => {
    const first = await paid({ card: "pm_card_refundFail" });
    const refund = await shop.refund(first);
    const made = await shop.create(first.shopper, { order_id: first.orderId });
    const second = { ...first, transactionId: made.body.data.transaction_id };
    expect((await shop.confirm(second)).status).toBe(200);
    await journey.advance(minute + 1);
    expect((await refundSeen(first, refund)).status).toBe("failed");
    expect(await booksOfPayment(first)).toEqual(books(1000));
    expect((await shop.refund(second)).body.data.transaction_id).toBe(second.transactionId);
    expect((await shop.refund(second)).body.data.transaction_id).toBe(first.transactionId);
  });
});

describe("a refund made at Stripe, out-of-band", () => {
  function refundAtStripe({ transactionId, accountId }: Transaction, fields: Record<string, string | number> = {}) {
    return journey.stripePost("/refunds", { payment_intent: transactionId, ...fields }, accountId);
  }

  it.each(["deliver", "duplicate", "shuffle", "drop"] as const)(
    "is booked and told, once (events: %s)",
    async (mode) => {
      const transaction = await paid({ fee: 33 });
      await journey.events(mode);
      await refundAtStripe(transaction, { amount: 400, refund_application_fee: "true" });
      await journey.advance(1);
      if (mode === "drop") await journey.advance(25 * 60 * minute);
      expect(await seen(transaction)).toMatchObject({ amount_refunded: "400" });
      expect(await booksOfPayment(transaction)).toEqual(books(580, 20));
      expect((await toldOfPayment(transaction)).slice(2)).toEqual(["refund.succeeded"]);
      expect((await shop.refund(transaction, { amount: 601 })).status).toBe(422);
      expect((await shop.refund(transaction)).body.data.amount).toBe("600");
      expect(await booksOfPayment(transaction)).toEqual({});
    },
  );

  it("may leave our fee where it is", async () => {
    const transaction = await paid({ fee: 50 });
    await refundAtStripe(transaction);
    await journey.advance(1);
    expect(await booksOfPayment(transaction)).toEqual({ ...books(-50), application_fees: -50, stripe_balance: 50 });
    expect(await paymentOf(transaction)).toMatchObject({ live: null });
  });

  it("whose event was lost makes Stripe refuse more, and nothing stays reserved", async () => {
    const transaction = await paid();
    await journey.events("drop");
    await refundAtStripe(transaction, { amount: 800 });
    const over = await shop.refund(transaction, { amount: 300 });
    expect([over.status, over.body.code]).toEqual([409, "nothing_refundable"]);
    expect(await seen(transaction)).toMatchObject({ amount_refunded: "800" });
    expect((await shop.refund(transaction)).body.data).toMatchObject({ status: "succeeded", amount: "200" });
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("of the fee alone is booked with the next", async () => {
    const transaction = await paid({ fee: 50 });
    const charge = await journey.stripe(`/charges/${await chargeIdOf(journey, transaction)}`, transaction.accountId);
    await journey.stripePost(`/application_fees/${charge.application_fee}/refunds`, { amount: 20 });
    await shop.refund(transaction, { amount: 100 });
    await journey.advance(1);
    expect(await booksOfPayment(transaction)).toMatchObject({ seller_balance: 900 - 25, application_fees: -25 });
  });
});
