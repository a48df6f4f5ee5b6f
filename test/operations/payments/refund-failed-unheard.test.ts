import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction, verdict } from "../../shop";
import { expectProof } from "../books";
import { intentCount } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

beforeEach(() => journey.events("drop"));

afterEach(async () => {
  await journey.control("DELETE", "faults");
  await journey.events("deliver");
  await journey.advance(24 * 60 * 60);
  await expectProof(journey);
});

/** Makes an order of 30.00 that was paid and fully refunded. */
async function returned(): Promise<Transaction> {
  const transaction = await shop.ordered({ amount: 3000 }, {}, world);
  await payAndReturn(transaction);
  return transaction;
}

async function payAndReturn(transaction: Transaction): Promise<void> {
  expect(verdict(await shop.confirm(transaction))).toEqual([200, "succeeded"]);
  expect((await shop.refund(transaction)).status).toBe(200);
}

/** Makes a payment's refund fail, while the event is lost. */
async function failRefund({ transactionId, accountId }: Transaction): Promise<void> {
  const [refund] = (await journey.stripe(`/refunds?payment_intent=${transactionId}`, accountId)).data;
  await journey.control("POST", "refunds", { refund: refund.id, status: "failed" });
}

function createAgain({ shopper, orderId }: Transaction) {
  return shop.create(shopper, { order_id: orderId });
}

it("an order whose refund failed, when no event said so, is not paid again", async () => {
  const first = await returned();
  await failRefund(first);
  const again = await createAgain(first);
  expect([...verdict(again), again.body.data.transaction_id]).toEqual([200, "succeeded", first.transactionId]);
});

it("nor is one that was paid twice, when the older payment's money came back", async () => {
  const first = await returned();
  const second = { ...first, transactionId: (await createAgain(first)).body.data.transaction_id };
  expect(second.transactionId).not.toBe(first.transactionId);
  await payAndReturn(second);
  await failRefund(first);
  expect((await createAgain(first)).body.data.transaction_id).toBe(first.transactionId);
});

it("while Stripe cannot be asked, no payment is made", async () => {
  const first = await returned();
  const before = await intentCount(journey, world.accountId);
  await journey.fault("GET /v1/refunds", "500", 4);
  expect((await createAgain(first)).status).toBe(503);
  expect(await intentCount(journey, world.accountId)).toBe(before);
});

it("an order whose money stays away is paid again", async () => {
  const first = await returned();
  const again = await createAgain(first);
  expect(again.status).toBe(201);
  expect(again.body.data.transaction_id).not.toBe(first.transactionId);
});
