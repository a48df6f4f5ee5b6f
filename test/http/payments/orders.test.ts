import { beforeAll, describe, expect, it } from "vitest";
import { identity, newOrderId, Shop, type Shopper } from "../../shop";
import { callRaw, journey } from "../checked";

let shop: Shop;
let shopper: Shopper;
let accountId: string;
beforeAll(async () => {
  shop = await Shop.open(journey);
  shopper = await shop.shopper();
  accountId = await shop.account();
});

const put = (orderId: string, changes: object = {}) =>
  shop.ask(shopper, "PUT", `/orders/${encodeURIComponent(orderId)}`, {
    amount: 1000,
    account_id: accountId,
    ...changes,
  });
const view = (orderId: string) => shop.ask(shopper, "GET", `/orders/${encodeURIComponent(orderId)}`);

it("stores the terms, and answers them", async () => {
  const orderId = newOrderId();
  const made = await put(orderId, { amount: "2500", currency: "EUR", application_fee_amount: 125 });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    data: {
      order_id: orderId,
      app_id: shopper.appId,
      amount: "2500",
      currency: "eur",
      account_id: accountId,
      application_fee_amount: "125",
      status: "open",
      created_at: expect.any(String),
      updated_at: expect.any(String),
    },
    meta: { message: "Order created successfully", status_code: 201 },
    links: { self: `http://localhost:8787/api/v1/orders/${orderId}` },
  });
  const viewed = await view(orderId);
  expect([viewed.status, viewed.body.data]).toEqual([200, made.body.data]);
});

it("says dollars and no fee where nobody says otherwise", async () => {
  const { body } = await put(newOrderId());
  expect(body.data).toMatchObject({ currency: "usd", application_fee_amount: "0" });
});

it("changes the terms until somebody pays by them", async () => {
  const orderId = newOrderId();
  await put(orderId);
  const changed = await put(orderId, { amount: 1500 });
  expect([changed.status, changed.body.data.amount]).toEqual([200, "1500"]);
  await shop.create(shopper, { order_id: orderId });
  const late = await put(orderId, { amount: 2000 });
  expect([late.status, late.body.code]).toEqual([409, "payment_exists"]);
  expect((await put(orderId, { amount: 1500 })).status).toBe(200);
});

it("is the app's: another app has another order of the same name", async () => {
  const orderId = newOrderId();
  await put(orderId);
  const another = await Shop.open(journey);
  const stranger = await another.shopper();
  expect((await another.ask(stranger, "GET", `/orders/${orderId}`)).status).toBe(404);
});

it.each(["2227222", "a b", "Objednávka-7", "50%", "x".repeat(255)])("takes %s for a name", async (name) => {
  const orderId = `${name}-${crypto.randomUUID()}`.slice(-255);
  expect((await put(orderId)).status).toBe(201);
  expect((await view(orderId)).body.data.order_id).toBe(orderId);
  expect((await shop.create(shopper, { order_id: orderId })).status).toBe(201);
});

it.each(["%00", "%20a", "%0A", "x".repeat(256)])("does not take %s", async (name) => {
  const headers = identity(shopper);
  const body = JSON.stringify({ amount: 1000, account_id: accountId });
  const answer = await callRaw("PUT", `/api/v1/orders/${name}`, { headers, body });
  expect([answer.status, Object.keys(answer.body.details?.errors ?? {})]).toEqual([422, ["order_id"]]);
  expect((await callRaw("GET", `/api/v1/orders/${name}`, { headers })).status).toBe(404);
});

it("takes our ids in whatever case, and keeps the caller's as they are", async () => {
  const orderId = crypto.randomUUID().toUpperCase();
  const headers = { ...identity(shopper), "X-App-ID": shopper.appId.toUpperCase() };
  const body = JSON.stringify({ amount: 1000, account_id: accountId });
  const answer = await callRaw("PUT", `/api/v1/orders/${orderId}`, { headers, body });
  expect([answer.status, answer.body.data.order_id]).toEqual([201, orderId]);
  expect((await callRaw("GET", `/api/v1/orders/${orderId.toLowerCase()}`, { headers })).status).toBe(404);
});

describe("what is wrong with the terms", () => {
  it.each<[object, object]>([
    [{ amount: undefined }, { amount: ["amount is required"] }],
    [{ account_id: undefined }, { account_id: ["account_id is required"] }],
    [{ account_id: null }, { account_id: ["account_id must not be null"] }],
    [{ account_id: " " }, { account_id: ["account_id must not be empty"] }],
    [{ applicationFeeAmount: 50 }, { applicationFeeAmount: ["applicationFeeAmount is unknown"] }],
    [{ account_id: 7 }, { account_id: ["account_id must be a string"] }],
    [{ currency: "xyz" }, { currency: ["currency must be a currency of ISO 4217"] }],
    [{ amount: 49 }, { amount: ["amount must be from 50 to 99999999 in usd"] }],
    [
      { application_fee_amount: 1001 },
      { application_fee_amount: ["application_fee_amount must not be above the amount"] },
    ],
    [
      { application_fee_amount: "-1" },
      {
        application_fee_amount: [
          "application_fee_amount must be an integer from 0 to 999999999999, or the same as a string of digits",
        ],
      },
    ],
  ])("%o", async (changes, errors) => {
    const answer = await put(newOrderId(), changes);
    expect([answer.status, answer.body.details?.errors]).toEqual([422, errors]);
    const [[first = ""] = []] = Object.values(errors);
    expect(answer.body.details.message).toBe(first);
  });
});

describe("cancelling", () => {
  const cancel = (orderId: string) => shop.ask(shopper, "POST", `/orders/${orderId}/cancel`);

  it("ends the order and its transaction, once and for good", async () => {
    const orderId = newOrderId();
    await put(orderId);
    const made = await shop.create(shopper, { order_id: orderId });
    const first = await cancel(orderId);
    expect([first.status, first.body.data.status]).toEqual([200, "cancelled"]);
    expect((await cancel(orderId)).body.data).toEqual(first.body.data);
    const { transaction_id: transactionId } = made.body.data;
    const viewed = await shop.ask(shopper, "GET", `/transactions/${transactionId}`);
    expect(viewed.body.data.status).toBe("canceled");
    const again = await shop.create(shopper, { order_id: orderId });
    expect([again.status, again.body.code]).toEqual([409, "order_cancelled"]);
    expect((await put(orderId, { amount: 2000 })).body.code).toBe("order_cancelled");
  });

  it("knows no order that was never put, and no other app's", async () => {
    expect((await cancel(newOrderId())).status).toBe(404);
    const orderId = newOrderId();
    await put(orderId);
    const another = await Shop.open(journey);
    expect((await another.ask(await another.shopper(), "POST", `/orders/${orderId}/cancel`)).status).toBe(404);
    expect((await view(orderId)).body.data.status).toBe("open");
  });

  it("leaves a paid order to its refund", async () => {
    const orderId = newOrderId();
    await put(orderId);
    const made = await shop.create(shopper, { order_id: orderId });
    await shop.confirm({ shopper, accountId, orderId, transactionId: made.body.data.transaction_id });
    const answer = await cancel(orderId);
    expect([answer.status, answer.body.detail]).toEqual([409, "The order is paid: refund it instead."]);
  });
});
