import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { newOrderId, Shop, type Shopper, type Transaction, verdict } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, rows, toldOfPayment } from "../rows";
import { intentCount, stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

afterEach(async () => {
  await journey.control("DELETE", "faults");
  await journey.events("deliver");
  await expectProof(journey);
});

const reserved = { capture_method: "manual" };

describe("cancelling an order", () => {
  const open: [string, (transaction: Transaction) => Promise<unknown>, object][] = [
    ["requires_payment_method", async () => {}, {}],
    ["requires_action", (one) => shop.confirm(one, { payment_method_id: "pm_card_authenticationRequired" }), {}],
    ["requires_capture", (one) => shop.confirm(one), reserved],
  ];

  it.each(open)("ends its payment at Stripe: %s", async (_, arrive, body) => {
    const transaction = await shop.ordered({}, body, world);
    await arrive(transaction);
    const cancelled = await shop.cancelOrder(transaction);
    expect([cancelled.status, cancelled.body.data.status]).toEqual([200, "cancelled"]);
    expect(await stripeSideOf(journey, transaction)).toMatchObject({ status: "canceled", receivedMinor: 0 });
    expect((await shop.view(transaction)).body.data.status).toBe("canceled");
    expect(await booksOfPayment(transaction)).toEqual({});
    expect((await shop.cancelOrder(transaction)).status).toBe(200);
    expect(verdict(await shop.confirm(transaction))).toEqual([409, "order_cancelled"]);
    expect(verdict(await shop.create(world.shopper, { order_id: transaction.orderId }))).toEqual([
      409,
      "order_cancelled",
    ]);
    const changed = await shop.putOrder(transaction.orderId, { amount: 1100, account_id: world.accountId });
    expect(verdict(changed)).toEqual([409, "order_cancelled"]);
  });

  it("that is paid is refused: it is refunded instead, and then it may be", async () => {
    const transaction = await shop.ordered({}, {}, world);
    await shop.confirm(transaction);
    expect(verdict(await shop.cancelOrder(transaction))).toEqual([409, "state_wrong"]);
    await shop.refund(transaction);
    expect((await shop.cancelOrder(transaction)).status).toBe(200);
  });

  it("that nobody knows is a 404, and another app's is none of ours", async () => {
    const transaction = await shop.ordered({}, {}, world);
    expect(verdict(await shop.cancelOrder({ orderId: "order-of-nobody" }))).toEqual([404, "order_unknown"]);
    const stranger = await Shop.open(journey);
    expect(verdict(await stranger.cancelOrder(transaction))).toEqual([404, "order_unknown"]);
    expect((await shop.view(transaction)).body.data.status).toBe("requires_payment_method");
  });

  it.each(["500", "timeout_after"])("while Stripe does not answer (%s) ends the payment later", async (kind) => {
    const transaction = await shop.ordered({}, reserved, world);
    await shop.confirm(transaction);
    await journey.events("drop");
    await journey.fault("POST /v1/payment_intents/*/cancel", kind, 3);
    expect((await shop.cancelOrder(transaction)).status).toBe(200);
    for (const seconds of [3, 10, 60]) await journey.advance(seconds);
    expect((await shop.view(transaction)).body.data.status).toBe("canceled");
    expect((await stripeSideOf(journey, transaction)).status).toBe("canceled");
  });
});

describe("a payment that was never made when its order is cancelled", () => {
  it("is not made any more", async () => {
    const orderId = newOrderId();
    await shop.putOrder(orderId, { amount: 1000, account_id: world.accountId });
    const before = await intentCount(journey, world.accountId);
    await journey.fault("POST /v1/payment_intents", "429", 2);
    expect((await shop.create(world.shopper, { order_id: orderId })).status).toBe(503);
    expect((await shop.cancelOrder({ orderId })).status).toBe(200);
    for (const seconds of [3, 10, 61]) await journey.advance(seconds);
    expect(await intentCount(journey, world.accountId)).toBe(before);
    const [payment] = await rows("select state, live, due_at from payments where order_id = ?", orderId);
    expect(payment).toEqual({ state: "failed", live: null, due_at: null });
  });
});

describe("money for a cancelled order", () => {
  async function refundsOf(transaction: Transaction) {
    return (await stripeSideOf(journey, transaction)).refunds;
  }

  const all = [{ amount: 1000, status: "succeeded" }];

  it.each([
    ["deliver", 61],
    ["duplicate", 61],
    ["shuffle", 61],
    ["drop", 60 * 60 + 1],
  ] as const)("that a delayed method brings goes back by itself, once (events: %s)", async (mode, wait) => {
    const transaction = await shop.ordered({ currency: "eur", application_fee_amount: 50 }, {}, world);
    await shop.debit(transaction);
    expect((await shop.cancelOrder(transaction)).status).toBe(200);
    expect((await shop.view(transaction)).body.data.status).toBe("processing");
    await journey.events(mode);
    await journey.advance(wait);
    await journey.advance(61);
    expect(await refundsOf(transaction)).toEqual(all);
    expect(await booksOfPayment(transaction)).toEqual({});
    expect((await shop.view(transaction)).body.data).toMatchObject({ status: "succeeded", amount_refunded: "1000" });
    const told = await toldOfPayment(transaction);
    expect(told.slice(2)).toEqual(["payment.succeeded", "refund.succeeded"]);
    await journey.advance(day);
    expect(await refundsOf(transaction)).toEqual(all);
  });

  it("that a shopper paid while the order was being cancelled goes back", async () => {
    const transaction = await shop.ordered({}, {}, world);
    await shop.confirm(transaction, { payment_method_id: "pm_card_authenticationRequired" });
    await journey.events("drop");
    await shop.authenticate(transaction, "approve");
    expect((await shop.cancelOrder(transaction)).status).toBe(200);
    await journey.advance(1);
    expect(await refundsOf(transaction)).toEqual(all);
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("goes back although the request for it was lost on the way", async () => {
    const transaction = await shop.ordered({}, {}, world);
    await shop.confirm(transaction);
    // This is the state if the process ends between the money's arrival and the request.
    await rows("update orders set state = 'cancelled' where order_id = ?", transaction.orderId);
    await rows("update payments set due_at = 1 where stripe_id = ?", transaction.transactionId);
    await journey.events("drop");
    await journey.advance(1);
    await journey.advance(61);
    expect(await refundsOf(transaction)).toEqual(all);
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("that Stripe will not refund causes an event, and is not tried for ever", async () => {
    const transaction = await shop.ordered({ currency: "eur" }, {}, world);
    await shop.debit(transaction);
    await shop.cancelOrder(transaction);
    await journey.control("POST", "refunds", { next: "fail" });
    await journey.advance(61);
    await journey.advance(day);
    await journey.advance(day);
    expect(await refundsOf(transaction)).toEqual([{ amount: 1000, status: "failed" }]);
    expect((await toldOfPayment(transaction)).slice(2)).toEqual(["payment.succeeded", "refund.failed"]);
    expect(await paymentOf(transaction)).toMatchObject({ due_at: null });
    expect((await shop.refund(transaction)).body.data.status).toBe("succeeded");
  });

  it.each(["confirm", "capture"] as const)("is not taken by a %s that had not reached Stripe yet", async (verb) => {
    const transaction = await shop.ordered({}, verb === "capture" ? reserved : {}, world);
    if (verb === "capture") await shop.confirm(transaction);
    await journey.events("drop");
    await journey.fault(`POST /v1/payment_intents/*/${verb}`, "429", 2);
    expect((await shop[verb](transaction)).status).toBe(503);
    expect((await shop.cancelOrder(transaction)).status).toBe(200);
    for (const seconds of [3, 10, 60, 600]) await journey.advance(seconds);
    expect(await stripeSideOf(journey, transaction)).toMatchObject({
      status: "canceled",
      receivedMinor: 0,
      refunds: [],
    });
    expect((await shop.view(transaction)).body.data.status).toBe("canceled");
    expect(await toldOfPayment(transaction)).not.toContain("payment.failed");
  });
});
