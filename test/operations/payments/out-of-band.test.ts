import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { chargeIdOf, stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
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

async function ordered(terms: object = {}): Promise<Transaction> {
  const transaction = await shop.ordered({}, terms, world);
  expect((await shop.confirm(transaction)).status).toBe(200);
  return transaction;
}

async function statusOf(transaction: Transaction): Promise<string> {
  return (await shop.view(transaction)).body.data.status;
}

/* Each payment is changed out-of-band without an event: the request asks Stripe, and follows it. */

describe("an authorisation that was ended out-of-band", () => {
  it("is not captured, and counts as cancelled", async () => {
    const transaction = await ordered({ capture_method: "manual" });
    await journey.events("drop");
    await journey.stripePost(`/payment_intents/${transaction.transactionId}/cancel`, {}, transaction.accountId);
    expect((await shop.capture(transaction)).status).toBe(409);
    expect(await statusOf(transaction)).toBe("canceled");
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("is not captured twice, and counts as captured", async () => {
    const transaction = await ordered({ capture_method: "manual" });
    await journey.events("drop");
    const capture = `/payment_intents/${transaction.transactionId}/capture`;
    await journey.stripePost(capture, { amount_to_capture: 400 }, transaction.accountId);
    await shop.capture(transaction);
    expect(await statusOf(transaction)).toBe("succeeded");
    expect((await stripeSideOf(journey, transaction)).receivedMinor).toBe(400);
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 400, seller_payable: -400 });
  });
});

describe("a payment that a bank has taken back out-of-band", () => {
  it("is not refunded as well", async () => {
    const transaction = await ordered();
    await journey.events("drop");
    const charge = await chargeIdOf(journey, transaction);
    const { id } = (await journey.control("POST", "disputes", { charge })).body;
    await journey.control("POST", "disputes", { dispute: id, status: "lost" });
    expect((await shop.refund(transaction)).status).toBe(409);
    expect((await stripeSideOf(journey, transaction)).refunds).toEqual([]);
    await journey.advance(25 * 60 * 60);
  });
});
