import { abortAllDurableObjects } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Answer, Journey } from "../../../journey";
import { newOrderId, Shop, type Shopper, type Transaction } from "../../../shop";
import { booksOfPayment, expectProof } from "../../books";
import { stripeSideOf } from "../../payments/stripe-side";
import { rows, toldOfPayment } from "../../rows";
import { quickly } from "../quickly";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  quickly();
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

afterEach(async () => {
  await journey.control("DELETE", "faults");
  await journey.events("deliver");
  await expectProof(journey);
});

const reserved = { capture_method: "manual" };

function newKey() {
  return { "Idempotency-Key": crypto.randomUUID() };
}

function isReplay({ headers }: Answer): boolean {
  return headers.get("Idempotent-Replayed") === "true";
}

async function refundsOf(transaction: Transaction): Promise<number[]> {
  return (await stripeSideOf(journey, transaction)).refunds.map(({ amount }) => amount);
}

/** Loses so many answers of Stripe's, the SDK's own repeat included. */
function lose(match: string, times: number) {
  return journey.fault(match, "timeout_after", times);
}

describe("one key", () => {
  it("is one refund, through lost answers", async () => {
    const transaction = await shop.paid({}, world);
    const key = newKey();
    const ask = () => shop.refund(transaction, { amount: 400 }, key);
    await lose("POST /v1/refunds", 4);
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200, 200]);
    expect(answers.map(isReplay)).toEqual([false, false, false, true]);
    expect(await refundsOf(transaction)).toEqual([400]);
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 600, seller_payable: -600 });
  });

  it("is one refund, although the clock has finished it meanwhile, and for ever", async () => {
    const transaction = await shop.paid({}, world);
    const key = newKey();
    await lose("POST /v1/refunds", 2);
    expect((await shop.refund(transaction, { amount: 400 }, key)).status).toBe(503);
    await journey.advance(3);
    const finished = await shop.refund(transaction, { amount: 400 }, key);
    expect([finished.status, finished.body.data.amount]).toEqual([200, "400"]);
    await journey.advance(30 * day);
    const later = await shop.refund(transaction, { amount: 400 }, key);
    expect(later.body.data).toEqual(finished.body.data);
    expect(await refundsOf(transaction)).toEqual([400]);
  });

  it("is one refund, although its run was cut off after the claim", async () => {
    const transaction = await shop.paid({}, world);
    const key = newKey();
    await journey.fault("POST /v1/refunds", "slow", 1);
    const crashed = shop.refund(transaction, { amount: 400 }, key).catch(() => ({ status: 0 }));
    const claimed = async () =>
      (await rows("select * from stripe_effects where kind = 'create-payment-refund' and state = 'open'")).length;
    await expect.poll(claimed, { interval: 2, timeout: 5_000 }).toBe(1);
    await abortAllDurableObjects();
    expect((await crashed).status).not.toBe(200);
    await journey.advance(46); // the key's reservation is abandoned, and the clock may have been faster
    const repeated = await shop.refund(transaction, { amount: 400 }, key);
    expect([repeated.status, repeated.body.data.amount]).toEqual([200, "400"]);
    expect(await refundsOf(transaction)).toEqual([400]);
  });

  it("is the refund of the payment that it was asked for, although the order has another by now", async () => {
    const first = await shop.ordered({}, {}, world);
    await shop.confirm(first);
    const key = newKey();
    await lose("POST /v1/refunds", 2);
    expect((await shop.refund(first, {}, key)).status).toBe(503);
    await journey.advance(3);
    const made = await shop.create(first.shopper, { order_id: first.orderId });
    expect(made.status).toBe(201);
    const second = { ...first, transactionId: made.body.data.transaction_id };
    await shop.confirm(second);
    const again = await shop.refund(first, {}, key);
    expect([again.status, again.body.data.transaction_id]).toEqual([200, first.transactionId]);
    expect(await refundsOf(second)).toEqual([]);
    expect(await booksOfPayment(second)).toEqual({ seller_balance: 1000, seller_payable: -1000 });
  });

  it("is not two requests, not even after an answer that was lost", async () => {
    const transaction = await shop.paid({}, world);
    const key = newKey();
    await lose("POST /v1/refunds", 2);
    expect((await shop.refund(transaction, { amount: 400 }, key)).status).toBe(503);
    const other = await shop.refund(transaction, { amount: 500 }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    await journey.advance(3);
    expect((await shop.refund(transaction, { amount: 500 }, key)).status).toBe(422);
    expect(await refundsOf(transaction)).toEqual([400]);
    await journey.advance(day);
    expect((await shop.refund(transaction, { amount: 500 }, key)).status).toBe(200);
    expect((await refundsOf(transaction)).sort()).toEqual([400, 500]);
  });

  it("on a confirmation is one charge, through lost answers", async () => {
    const transaction = await shop.started({}, world);
    const key = newKey();
    await lose("POST /v1/payment_intents/*/confirm", 2);
    expect((await shop.confirm(transaction, {}, key)).status).toBe(503);
    const other = await shop.confirm(transaction, { payment_method_id: "pm_card_mastercard" }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    expect((await shop.confirm(transaction, {}, key)).body.data.status).toBe("succeeded");
    expect(isReplay(await shop.confirm(transaction, {}, key))).toBe(true);
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
  });

  it.each(["before", "after"])("on a declined confirmation stays declined, repeated %s the clock", async (when) => {
    const transaction = await shop.started({}, world);
    const key = newKey();
    const card = { payment_method_id: "pm_card_visa_chargeDeclinedLostCard" };
    await lose("POST /v1/payment_intents/*/confirm", 2);
    expect((await shop.confirm(transaction, card, key)).status).toBe(503);
    if (when === "after") await journey.advance(3);
    const again = [await shop.confirm(transaction, card, key), await shop.confirm(transaction, card, key)];
    for (const { status, body } of again) {
      expect([status, body.stripe_code, body.decline_code]).toEqual([402, "card_declined", "lost_card"]);
    }
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
    await journey.advance(3);
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.failed"]);
    expect((await shop.confirm(transaction, card, newKey())).status).toBe(402);
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.failed", "payment.failed"]);
  });

  it("on a capture is one capture, through lost answers and the clock", async () => {
    const transaction = await shop.paid(reserved, world);
    const key = newKey();
    await lose("POST /v1/payment_intents/*/capture", 2);
    expect((await shop.capture(transaction, 600, key)).status).toBe(503);
    await journey.advance(3);
    const again = await shop.capture(transaction, 600, key);
    expect([again.status, again.body.data.status, again.body.data.amount_captured]).toEqual([200, "succeeded", "600"]);
    expect((await shop.capture(transaction, 700, key)).status).toBe(422);
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 600, seller_payable: -600 });
  });

  it("on a cancellation is one, through lost answers and the clock", async () => {
    const transaction = await shop.paid(reserved, world);
    const key = newKey();
    await lose("POST /v1/payment_intents/*/cancel", 2);
    expect((await shop.cancel(transaction, key)).status).toBe(503);
    await journey.advance(3);
    const again = await shop.cancel(transaction, key);
    expect([again.status, again.body.data.status]).toEqual([200, "canceled"]);
    expect((await shop.cancel(transaction)).status).toBe(409);
  });

  it("on a creation is one PaymentIntent, which a repeat without a key finds, too", async () => {
    const key = newKey();
    const orderId = newOrderId();
    const body = { order_id: orderId, account_id: world.accountId, amount: 1000 };
    await lose("POST /v1/payment_intents", 4);
    const answers = [
      await shop.create(world.shopper, body, key),
      await shop.create(world.shopper, body, key),
      await shop.create(world.shopper, body),
      await shop.create(world.shopper, body, key),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200, 200]);
    expect(answers[3]?.body.data).toEqual(answers[2]?.body.data);
    const { data } = await journey.stripe("/payment_intents?limit=100", world.accountId);
    const made = data.filter(({ metadata }: { metadata: { order_id: string } }) => metadata.order_id === orderId);
    expect(made).toHaveLength(1);
  });
});

describe("two requests", () => {
  it.each([
    ["without a key", () => ({})],
    ["with a key each", newKey],
  ])("of equal parts %s are two refunds", async (_, headers) => {
    const transaction = await shop.paid({}, world);
    const first = await shop.refund(transaction, { amount: 250 }, headers());
    const second = await shop.refund(transaction, { amount: 250 }, headers());
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.data.refund_id).not.toBe(first.body.data.refund_id);
    expect(await refundsOf(transaction)).toEqual([250, 250]);
  });
});

describe("an answer that Stripe repeats from its memory", () => {
  it("does not bring back a refund that has failed since", async () => {
    const transaction = await shop.ordered({ application_fee_amount: 50 }, {}, world);
    await shop.confirm(transaction, { payment_method_id: "pm_card_refundFail" });
    await lose("POST /v1/refunds", 8);
    expect((await shop.refund(transaction)).status).toBe(503);
    // It fails after a minute, and that event comes before the call is resumed for the last time.
    for (const seconds of [3, 6, 16, 40, 25]) await journey.advance(seconds);
    expect((await toldOfPayment(transaction)).slice(2)).toEqual(["refund.succeeded", "refund.failed"]);
    expect((await shop.view(transaction)).body.data).toMatchObject({ status: "succeeded", amount_refunded: "0" });
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 1000, seller_payable: -1000 });
  });

  it("tells of a second decline, though it is like the first, and once", async () => {
    const transaction = await shop.started({}, world);
    const card = { payment_method_id: "pm_card_visa_chargeDeclined" };
    expect((await shop.confirm(transaction, card)).status).toBe(402);
    await lose("POST /v1/payment_intents/*/confirm", 4);
    expect((await shop.confirm(transaction, card)).status).toBe(503);
    for (const seconds of [1, 3, 6]) await journey.advance(seconds);
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.failed", "payment.failed"]);
    expect((await shop.view(transaction)).body.data.status).toBe("requires_payment_method");
  });

  it("does not bring back the bank's question after it was answered", async () => {
    const transaction = await shop.started({}, world);
    await lose("POST /v1/payment_intents/*/confirm", 2);
    await shop.confirm(transaction, { payment_method_id: "pm_card_authenticationRequired" });
    await shop.authenticate(transaction, "approve");
    await journey.advance(3);
    expect((await shop.view(transaction)).body.data.status).toBe("succeeded");
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 1000, seller_payable: -1000 });
  });
});
