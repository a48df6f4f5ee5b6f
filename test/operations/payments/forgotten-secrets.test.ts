import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, verdict } from "../../shop";
import { rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

/** Counts where a secret is in what is kept of a payment: its row, keys, calls, what was told, what Stripe told. */
async function placesOf(secret: string): Promise<string[]> {
  const columns = [
    ["payments", "client_secret"],
    ["idempotency_keys", "result"],
    ["stripe_effects", "params"],
    ["stripe_events", "payload"],
    ["outbox", "data"],
    ["journal", "data"],
  ];
  const found = columns.map(async ([table, column]) => {
    const query = `select count(*) as n from ${table} where instr(${column}, ?) > 0`;
    return (await rows<{ n: number }>(query, secret))[0]?.n ? [`${table}.${column}`] : [];
  });
  return (await Promise.all(found)).flat();
}

const order = () => ({ order_id: `order-${crypto.randomUUID()}`, account_id: world.accountId, amount: 1000 });
const create = (body: object, headers = {}) => shop.ask(world.shopper, "POST", "/transactions", body, headers);

describe("Stripe's client_secret of a payment", () => {
  it("is kept beside no Idempotency-Key, and a repeated request gets it while it is of use", async () => {
    const body = order();
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await create(body, key);
    const { client_secret: secret, transaction_id: transactionId } = first.body.data;
    expect(await placesOf(secret)).toEqual(["payments.client_secret"]);
    const again = await create(body, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get("Idempotent-Replayed")).toBe("true");

    const transaction = { transactionId, accountId: world.accountId, shopper: world.shopper, orderId: body.order_id };
    expect(verdict(await shop.confirm(transaction))).toEqual([200, "succeeded"]);
    expect(await placesOf(secret)).toEqual([]);
    const late = await create(body, key);
    expect([late.status, late.body.data]).toEqual([201, { ...first.body.data, client_secret: null }]);
    expect((await create(body)).body.data).toMatchObject({ transaction_id: transactionId, client_secret: null });
    expect((await shop.view(transaction)).body.data.client_secret).toBeNull();
  });

  it("is forgotten with a payment that is cancelled", async () => {
    const body = order();
    const { client_secret: secret, transaction_id } = (await create(body)).body.data;
    const path = `/transactions/${transaction_id}/cancel`;
    expect((await shop.ask(world.shopper, "POST", path, {})).status).toBe(200);
    expect(await placesOf(secret)).toEqual([]);
  });

  it("comes again with the step that the shopper must take, under the same key", async () => {
    const transaction = await shop.started({}, world);
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const card = { payment_method_id: "pm_card_authenticationRequired" };
    const first = await shop.confirm(transaction, card, key);
    expect(verdict(first)).toEqual([200, "requires_action"]);
    expect(first.body.data.client_secret).toMatch(/_secret_/);
    const again = await shop.confirm(transaction, card, key);
    expect(again.body).toEqual(first.body);
    expect(await placesOf(first.body.data.client_secret)).toEqual(["payments.client_secret"]);
  });
});

it("forgets who allowed a debit, from which address, once Stripe has it", async () => {
  const transaction = await shop.started({ currency: "eur" }, world);
  const online = { ip_address: "203.0.113.77", user_agent: "Browser of the shopper/7" };
  const mandate_data = { customer_acceptance: { type: "online", online } };
  await journey.fault("POST /v1/payment_intents/*/confirm", "timeout_after", 2);
  const body = { payment_method_id: "pm_success_at", mandate_data };
  expect((await shop.confirm(transaction, body)).status).toBe(503);
  expect(await placesOf(online.ip_address)).toEqual(["stripe_effects.params"]); // a repeat must say the same
  await journey.advance(120);
  expect((await shop.view(transaction)).body.data.status).toMatch(/processing|succeeded/);
  expect(await placesOf(online.ip_address)).toEqual([]);
  expect(await placesOf(online.user_agent)).toEqual([]);
});
