import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { newOrderId, Shop, type Shopper } from "../../shop";
import { expectProof } from "../books";
import { rows } from "../rows";
import { chargeIdOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let shopper: Shopper;
let accountId: string;

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
  shopper = await shop.shopper();
  accountId = await shop.account();
});

const details = {
  description: "Two chairs – oak",
  statement_descriptor_suffix: "ORDER 1001",
  receipt_email: "jana@example.com",
  metadata: { cart: "c-77", note: "ž" },
};

function create(more: object, orderId = newOrderId(), headers = {}) {
  const body = { order_id: orderId, account_id: accountId, amount: 1_000, ...more };
  return shop.ask(shopper, "POST", "/transactions", body, headers);
}

async function viewed(transactionId: string) {
  return (await shop.ask(shopper, "GET", `/transactions/${transactionId}`)).body.data;
}

describe("what is said about a payment", () => {
  it("stands at Stripe beside our own keys, and in the views", async () => {
    const orderId = newOrderId();
    const made = await create(details, orderId);
    expect(made.status).toBe(201);
    const id: string = made.body.data.transaction_id;
    const intent = await journey.stripe(`/payment_intents/${id}`, accountId);
    expect(intent).toMatchObject(details);
    expect(intent.metadata).toMatchObject({ order_id: orderId, user_id: shopper.userId, app_id: shopper.appId });
    expect(await viewed(id)).toMatchObject(details);
  });

  it("is nothing where nothing was said, and nothing of it is sent", async () => {
    const id: string = (await create({})).body.data.transaction_id;
    const none = { description: null, statement_descriptor_suffix: null, receipt_email: null };
    expect(await journey.stripe(`/payment_intents/${id}`, accountId)).toMatchObject(none);
    expect(await viewed(id)).toMatchObject({ ...none, metadata: {} });
  });

  it("stays through confirmation and capture, and is on the charge", async () => {
    const made = await create({ ...details, capture_method: "manual" });
    const id: string = made.body.data.transaction_id;
    const body = { transaction_id: id, account_id: accountId, payment_method_id: "pm_card_visa" };
    expect((await shop.ask(shopper, "POST", "/transactions/confirm", body)).status).toBe(200);
    expect((await shop.ask(shopper, "POST", `/transactions/${id}/capture`, {})).status).toBe(200);
    expect(await viewed(id)).toMatchObject({ ...details, status: "succeeded" });
    const transaction = { transactionId: id, accountId, shopper, orderId: "" };
    const charge = await journey.stripe(`/charges/${await chargeIdOf(journey, transaction)}`, accountId);
    const { description, statement_descriptor_suffix, receipt_email } = details;
    expect(charge).toMatchObject({ description, statement_descriptor_suffix, receipt_email });
    await journey.advance(1);
    await expectProof(journey);
  });

  it("is sent again with the call that is resumed, once", async () => {
    await journey.fault("POST /v1/payment_intents", "timeout_after", 2);
    const orderId = newOrderId();
    await create(details, orderId);
    await journey.control("DELETE", "faults");
    for (const seconds of [60, 600]) await journey.advance(seconds);
    const intents = (await journey.stripe("/payment_intents", accountId)).data;
    expect(intents).toHaveLength(1);
    expect(intents[0]).toMatchObject(details);
    expect((await create(details, orderId)).status).toBe(200);
  });
});

describe("a payment that is asked for again while it is live", () => {
  it.each([
    ["with the same, in another order", { ...details, metadata: { note: "ž", cart: "c-77" } }, 200],
    ["without a word about it", {}, 200],
    ["with another description", { description: "Other" }, 409],
    ["with another suffix", { statement_descriptor_suffix: "OTHER" }, 409],
    ["with another e-mail", { receipt_email: "other@example.com" }, 409],
    ["with less metadata", { metadata: { cart: "c-77" } }, 409],
  ])("%s", async (_, again, status) => {
    const orderId = newOrderId();
    const first = await create(details, orderId);
    const second = await create(again, orderId);
    expect(second.status).toBe(status);
    if (status === 200) expect(second.body.data.transaction_id).toBe(first.body.data.transaction_id);
    expect((await journey.stripe("/payment_intents", accountId)).data).toHaveLength(1);
  });

  it("under its key with other metadata is another request", async () => {
    const headers = { "Idempotency-Key": "once" };
    const orderId = newOrderId();
    expect((await create(details, orderId, headers)).status).toBe(201);
    expect((await create(details, orderId, headers)).status).toBe(201);
    const other = await create({ ...details, metadata: { cart: "c-78" } }, orderId, headers);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  });
});

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, "v"]));

describe("is refused by name, with nothing made", () => {
  it.each([
    ["a description of 1001 characters", { description: "x".repeat(1_001) }, "description"],
    ["a blank description", { description: " " }, "description"],
    ["no description", { description: null }, "description"],
    ["a suffix of 23 characters", { statement_descriptor_suffix: "A".repeat(23) }, "statement_descriptor_suffix"],
    ["a suffix without a letter", { statement_descriptor_suffix: "1001" }, "statement_descriptor_suffix"],
    ["a suffix with an asterisk", { statement_descriptor_suffix: "A*1" }, "statement_descriptor_suffix"],
    ["a suffix with an accent", { statement_descriptor_suffix: "ČAJ" }, "statement_descriptor_suffix"],
    ["an e-mail that is none", { receipt_email: "jana@example" }, "receipt_email"],
    ["46 keys", { metadata: many(46) }, "metadata"],
    ["a key of 41 characters", { metadata: { ["k".repeat(41)]: "v" } }, "metadata"],
    ["a key with brackets", { metadata: { "a[b]": "v" } }, "metadata"],
    ["a text of 501 characters", { metadata: { key: "v".repeat(501) } }, "metadata"],
    ["a number", { metadata: { key: 1 } }, "metadata"],
    ["an object inside", { metadata: { key: { inner: "v" } } }, "metadata"],
    ["an empty text, which unsets at Stripe", { metadata: { key: "" } }, "metadata"],
    ["a list", { metadata: ["v"] }, "metadata"],
    ["our own key", { metadata: { payment_id: "p" } }, "metadata"],
    ["__proto__", JSON.parse('{"metadata":{"__proto__":"v"}}'), "metadata"],
    ["a card number", { metadata: { card: "4242 4242 4242 4242" } }, "metadata"],
  ])("%s", async (_, more, member) => {
    const { status, body } = await create(more);
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(member)]);
    expect(await rows("select id from payments")).toEqual([]);
    expect((await journey.stripe("/payment_intents", accountId)).data).toEqual([]);
  });

  it("but not at the limits", async () => {
    const most = {
      description: "x".repeat(1_000),
      statement_descriptor_suffix: `A${"1".repeat(21)}`,
      metadata: { ...many(44), ["k".repeat(40)]: "v".repeat(500) },
    };
    expect((await create(most)).status).toBe(201);
  });
});

it("is refused by the emulator as by Stripe", async () => {
  const post = async (fields: Record<string, string>) => {
    const answer = await journey.stripePost(
      "/payment_intents",
      { amount: 1_000, currency: "usd", ...fields },
      accountId,
    );
    return answer.error?.param ?? "made";
  };
  expect(await post({ statement_descriptor_suffix: "1001" })).toBe("statement_descriptor_suffix");
  expect(await post({ statement_descriptor_suffix: "A".repeat(23) })).toBe("statement_descriptor_suffix");
  expect(await post({ statement_descriptor_suffix: 'A"1' })).toBe("statement_descriptor_suffix");
  expect(await post({ receipt_email: "jana" })).toBe("receipt_email");
  expect(await post({ description: "x".repeat(1_001) })).toBe("description");
  expect(await post({ [`metadata[${"k".repeat(41)}]`]: "v" })).toBe("metadata");
  expect(await post({ "metadata[key]": "v".repeat(501) })).toBe("metadata");
  expect(await post({ statement_descriptor_suffix: "ORDER 1", receipt_email: "jana@example.com" })).toBe("made");
});
