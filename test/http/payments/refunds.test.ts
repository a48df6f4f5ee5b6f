import { beforeAll, describe, expect, it } from "vitest";
import { newOrderId, Shop, type Transaction } from "../../shop";
import { journey } from "../checked";

let shop: Shop;
let accountId: string;
beforeAll(async () => {
  shop = await Shop.open(journey);
  accountId = await shop.account();
});

const paid = (body: object = {}) => shop.paid(body, { accountId });
const view = ({ shopper }: Transaction, refundId: string) => shop.ask(shopper, "GET", `/refunds/${refundId}`);

it("answers the documented body to the letter, and again by its id", async () => {
  const transaction = await paid();
  const { shopper, orderId, transactionId } = transaction;
  const answer = await shop.refund(transaction);
  expect(answer.status).toBe(200);
  const { refund_id: refundId } = answer.body.data;
  const data = `{"refund_id":"${refundId}","transaction_id":"${transactionId}","user_id":"${shopper.userId}","order_id":"${orderId}","app_id":"${shopper.appId}","amount":"1000","status":"succeeded","reason":null}`;
  expect(JSON.stringify(answer.body)).toBe(
    `{"meta":{"status":"success","message":"Refund request created successfully"},"data":${data},"links":{"self":"http://localhost:8787/api/v1/refunds"}}`,
  );
  const viewed = await view(transaction, refundId);
  expect(JSON.stringify(viewed.body.data)).toBe(data);
});

it("gives back a part, with a reason, and never more than is left", async () => {
  const transaction = await paid();
  const part = await shop.refund(transaction, { amount: "300", reason: "Damaged" });
  expect(part.body.data).toMatchObject({ amount: "300", reason: "Damaged" });
  const tooMuch = await shop.refund(transaction, { amount: 701 });
  expect([tooMuch.status, tooMuch.body.code]).toEqual([422, "amount_exceeds_refundable"]);
  expect(tooMuch.body.refundable).toBe(700);
  expect((await shop.refund(transaction)).body.data.amount).toBe("700");
  const nothing = await shop.refund(transaction);
  expect([nothing.status, nothing.body.code]).toEqual([409, "nothing_refundable"]);
});

it("makes two of two equal ones, and one of one that is repeated", async () => {
  const transaction = await paid();
  const first = await shop.refund(transaction, { amount: 100 });
  const second = await shop.refund(transaction, { amount: 100 });
  expect(second.body.data.refund_id).not.toBe(first.body.data.refund_id);
  const key = { "Idempotency-Key": crypto.randomUUID() };
  const keyed = await shop.refund(transaction, { amount: 100 }, key);
  expect((await shop.refund(transaction, { amount: 100 }, key)).body).toEqual(keyed.body);
  expect((await shop.view(transaction)).body.data.amount_refunded).toBe("300");
});

it("releases what was only authorised", async () => {
  const transaction = await paid({ capture_method: "manual" });
  const released = await shop.refund(transaction);
  expect([released.status, released.body.data.status]).toEqual([200, "succeeded"]);
  expect((await shop.view(transaction)).body.data.status).toBe("canceled");
});

it("says that a refund is under way", async () => {
  const transaction = await shop.started({}, { accountId });
  await shop.confirm(transaction, { payment_method_id: "pm_card_pendingRefund" });
  const { body } = await shop.refund(transaction);
  expect(body.data.status).toBe("pending");
});

it("says what Stripe says against it, after the documented words", async () => {
  const transaction = await paid();
  await journey.stripePost("/refunds", { payment_intent: transaction.transactionId }, accountId);
  const answer = await shop.refund(transaction);
  expect(answer.status).toBe(409);
  expect(answer.body.detail).toMatch(
    /^(An error occurred while creating the refund\. Request req_\w+: |The order has no)/,
  );
});

describe("who may", () => {
  it("refuses another user's order, and another's refund", async () => {
    const transaction = await paid();
    const { refund_id: refundId } = (await shop.refund(transaction, { amount: 100 })).body.data;
    const stranger = { ...transaction, shopper: await shop.shopper() };
    expect((await shop.refund(stranger)).status).toBe(404);
    const answer = await view(stranger, refundId);
    expect([answer.status, answer.body.details.message]).toEqual([404, "Refund not found"]);
    expect((await shop.view(transaction)).body.data.amount_refunded).toBe("100");
  });

  it("names every field that is missing", async () => {
    const answer = await shop.ask(await shop.shopper(), "POST", "/refunds", {});
    expect([answer.status, answer.body.details.errors]).toEqual([
      422,
      { order_id: ["order_id is required"], account_id: ["account_id is required"] },
    ]);
  });

  it("takes the account that was paid on, not another of the developer's", async () => {
    const transaction = await paid();
    const another = await shop.refund({ ...transaction, accountId: await shop.account() });
    expect([another.status, another.body.code]).toEqual([422, "terms_differ"]);
    const unknown = await shop.refund({ ...transaction, orderId: newOrderId() });
    expect(unknown.status).toBe(404);
  });
});
