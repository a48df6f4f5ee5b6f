import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, toldOfPayment } from "../rows";
import { stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;
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

const manual = { capture_method: "manual" };

/** Authorizes 10.00, with our fee if one is given. */
async function authorised({ fee = 0 } = {}): Promise<Transaction> {
  const transaction = await shop.ordered({ application_fee_amount: fee }, manual, world);
  expect((await shop.confirm(transaction)).body.data.status).toBe("requires_capture");
  return transaction;
}

async function statusOf(transaction: Transaction): Promise<string> {
  return (await shop.view(transaction)).body.data.status;
}

describe("an authorisation", () => {
  it("moves no money, and says until when it holds", async () => {
    const transaction = await authorised({ fee: 50 });
    const { nowSeconds } = (await journey.control("GET", "clock")).body;
    const { data } = (await shop.view(transaction)).body;
    expect(data).toMatchObject({ status: "requires_capture", amount_captured: "0", client_secret: null });
    const heldSeconds = Date.parse(data.capture_before) / 1000 - nowSeconds;
    expect(heldSeconds).toBeGreaterThan(7 * day - 60);
    expect(heldSeconds).toBeLessThanOrEqual(7 * day);
    expect(await booksOfPayment(transaction)).toEqual({});
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.authorized"]);
  });

  it("is captured in full, once", async () => {
    const transaction = await authorised({ fee: 50 });
    const captured = await shop.capture(transaction);
    expect(captured.status).toBe(200);
    expect(captured.body.data).toMatchObject({
      status: "succeeded",
      amount_captured: "1000",
      application_fee_amount: "50",
      capture_before: null,
    });
    const again = await shop.capture(transaction);
    expect([again.status, again.body.code]).toEqual([409, "state_wrong"]);
    expect(again.body.detail).toMatch(/already been captured/);
    expect(await booksOfPayment(transaction)).toEqual({
      seller_balance: 950,
      seller_payable: -950,
      application_fees: -50,
      stripe_balance: 50,
    });
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.authorized", "payment.captured"]);
  });

  it.each([
    // Captures of 10.00, and our part of a fee of 0.33, rounded half up; Stripe takes no fee of zero.
    [600, 20],
    [500, 17],
    [999, 33],
    [2, 1],
  ])("is captured in part: %i, with a fee of %i", async (part, fee) => {
    const transaction = await authorised({ fee: 33 });
    const captured = await shop.capture(transaction, part);
    expect(captured.body.data).toMatchObject({
      status: "succeeded",
      amount: "1000",
      amount_captured: String(part),
      application_fee_amount: String(fee),
    });
    const { status, receivedMinor, charges, refunds } = await stripeSideOf(journey, transaction);
    expect({ status, receivedMinor, refunds }).toEqual({ status: "succeeded", receivedMinor: part, refunds: [] });
    expect(charges).toEqual([{ status: "succeeded", captured: part, refunded: 0, fee }]);
    expect(await booksOfPayment(transaction)).toEqual({
      seller_balance: part - fee,
      seller_payable: fee - part,
      ...(fee > 0 ? { application_fees: -fee, stripe_balance: fee } : {}),
    });
    expect((await shop.refund(transaction, { amount: part + 1 })).body.code).toBe("amount_exceeds_refundable");
  });

  it("is not captured beyond its amount, and stays as it is", async () => {
    const transaction = await authorised();
    const beyond = await shop.capture(transaction, 1001);
    expect([beyond.status, beyond.body.code]).toEqual([422, "amount_exceeds_authorization"]);
    expect((await shop.capture(transaction, 0)).status).toBe(422);
    expect(await statusOf(transaction)).toBe("requires_capture");
    expect((await shop.capture(transaction)).status).toBe(200);
  });

  it("that there is not yet cannot be captured", async () => {
    const transaction = await shop.started(manual, world);
    const answer = await shop.capture(transaction);
    expect([answer.status, answer.body.code]).toEqual([409, "state_wrong"]);
    expect((await stripeSideOf(journey, transaction)).charges).toEqual([]);
  });
});

describe("the end of an authorisation", () => {
  it.each(["deliver", "drop"] as const)("is announced a day before, and comes by itself (events: %s)", async (mode) => {
    const transaction = await authorised({ fee: 50 });
    await journey.events(mode);
    await journey.advance(5 * day);
    expect(await toldOfPayment(transaction)).not.toContain("payment.capture_expiring");
    await journey.advance(day + 60);
    const warned = ["payment.created", "payment.authorized", "payment.capture_expiring"];
    expect(await toldOfPayment(transaction)).toEqual(warned);
    expect(await statusOf(transaction)).toBe("requires_capture");
    await journey.advance(60);
    expect(await toldOfPayment(transaction)).toEqual(warned);

    await journey.advance(day);
    expect(await statusOf(transaction)).toBe("expired");
    expect(await toldOfPayment(transaction)).toEqual([...warned, "payment.expired"]);
    const late = await shop.capture(transaction);
    expect([late.status, late.body.code]).toEqual([409, "authorization_expired"]);
    expect((await shop.refund(transaction)).status).toBe(409);
    expect((await stripeSideOf(journey, transaction)).status).toBe("canceled");
    expect(await paymentOf(transaction)).toMatchObject({ live: null, due_at: null });
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("is known from its date, before Stripe says so", async () => {
    const transaction = await authorised();
    await journey.fault("GET /v1/payment_intents/*", "429", 1_000);
    await journey.events("drop");
    await journey.advance(7 * day + 1);
    const late = await shop.capture(transaction);
    expect([late.status, late.body.code]).toEqual([409, "authorization_expired"]);
    await journey.control("DELETE", "faults");
  });

  it("leaves the order to another payment", async () => {
    const first = await authorised();
    await journey.advance(7 * day + 60);
    const second = await shop.create(first.shopper, { order_id: first.orderId });
    expect(second.status).toBe(201);
    expect(second.body.data.transaction_id).not.toBe(first.transactionId);
  });

  it("warns in time although the clock stood still for the whole week", async () => {
    const transaction = await authorised();
    await journey.events("drop");
    await journey.advance(9 * day);
    await journey.advance(60 * 60);
    expect(await statusOf(transaction)).toBe("expired");
    expect(await booksOfPayment(transaction)).toEqual({});
  });
});

describe("an authorisation that is not wanted", () => {
  it("is released by cancelling it", async () => {
    const transaction = await authorised({ fee: 50 });
    expect((await shop.cancel(transaction)).body.data.status).toBe("canceled");
    expect(await stripeSideOf(journey, transaction)).toMatchObject({
      status: "canceled",
      receivedMinor: 0,
      refunds: [],
    });
    const late = await shop.capture(transaction);
    expect([late.status, late.body.code]).toEqual([409, "state_wrong"]);
    expect(await booksOfPayment(transaction)).toEqual({});
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.authorized", "payment.canceled"]);
  });

  it("is released by refunding it, and there is no refund at Stripe", async () => {
    const transaction = await authorised({ fee: 50 });
    const part = await shop.refund(transaction, { amount: 400 });
    expect([part.status, part.body.code]).toEqual([409, "state_wrong"]);
    const released = await shop.refund(transaction, { reason: "Out of stock" });
    expect(released.status).toBe(200);
    expect(released.body.data).toMatchObject({ status: "succeeded", amount: "1000", reason: "Out of stock" });
    const path = `/refunds/${released.body.data.refund_id}`;
    const seen = await shop.ask(transaction.shopper, "GET", path);
    expect(seen.body.data).toEqual(released.body.data);
    expect(await stripeSideOf(journey, transaction)).toMatchObject({
      status: "canceled",
      receivedMinor: 0,
      refunds: [],
    });
    expect((await shop.refund(transaction)).status).toBe(409);
    expect(await booksOfPayment(transaction)).toEqual({});
    const told = await toldOfPayment(transaction);
    expect(told.slice(0, 2)).toEqual(["payment.created", "payment.authorized"]);
    expect(told.slice(2).sort()).toEqual(["payment.canceled", "refund.succeeded"]);
  });

  it("that was captured at Stripe meanwhile is not released, and says so", async () => {
    const transaction = await authorised();
    await journey.events("drop");
    await journey.stripePost(`/payment_intents/${transaction.transactionId}/capture`, {}, transaction.accountId);
    const refund = await shop.refund(transaction);
    expect([refund.status, refund.body.code]).toEqual([409, "state_wrong"]);
    expect(await statusOf(transaction)).toBe("succeeded");
    expect((await shop.refund(transaction)).status).toBe(200);
    expect(await booksOfPayment(transaction)).toEqual({});
  });
});
