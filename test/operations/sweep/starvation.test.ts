import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newOrderId, Shop, type Shopper } from "../../shop";
import { paymentOf, rows } from "../rows";
import { journey, type Kind, kinds, unheard } from "./unsettleable";

beforeEach(() => journey.reset());
afterEach(async () => {
  await rows("drop trigger if exists unwritable");
  await journey.control("DELETE", "faults");
  await journey.events("deliver");
});

/** Runs the sweep once, and nothing else. */
async function sweepOnce(): Promise<void> {
  const { body } = await journey.control("POST", "tick");
  expect(body.errors).toEqual([]);
}

async function dueOf({ table, where = "1" }: Pick<Kind, "table" | "where">): Promise<number> {
  const { body } = await journey.control("GET", "clock");
  const query = `select count(*) as n from ${table} where ${where} and due_at <= ?`;
  const [row] = await rows<{ n: number }>(query, body.nowSeconds * 1000);
  return row?.n ?? 0;
}

describe("forty rows that cannot be settled keep nobody waiting for more than two runs", () => {
  it.each(Object.entries(kinds))("%s", async (_, kind) => {
    const state = await kind.settleable();
    await kind.unsettleable(40);
    expect(await dueOf(kind)).toBe(41);
    expect(await state()).not.toBe(kind.settled);
    await sweepOnce();
    await sweepOnce();
    expect(await state()).toBe(kind.settled);
    expect(await dueOf(kind), "each has a later time").toBe(0);
  });
});

/** Makes orders that were cancelled before Stripe had made their payments. */
async function leftInCreation(shop: Shop, count: number, world: { accountId: string; shopper: Shopper }) {
  await journey.fault("POST /v1/payment_intents", "500", 2 * count);
  const leave = async () => {
    const orderId = newOrderId();
    await shop.putOrder(orderId, { amount: 1000, account_id: world.accountId });
    expect((await shop.create(world.shopper, { order_id: orderId })).status).toBe(503);
    expect((await shop.cancelOrder({ orderId })).status).toBe(200);
  };
  for (let made = 0; made < count; made += 1) await leave();
}

it("payments left in their creation keep nobody from learning that a payment succeeded", async () => {
  const shop = await Shop.open(journey);
  const world = { accountId: await shop.account(), shopper: await shop.shopper() };
  const withShopper = await shop.ordered({}, {}, world);
  await shop.confirm(withShopper, { payment_method_id: "pm_card_authenticationRequired" });
  const withBank = await shop.ordered({ currency: "eur" }, {}, world); // in one list with those in creation
  await shop.debit(withBank);
  await leftInCreation(shop, 30, world);
  await journey.control("DELETE", "faults");
  await journey.fault("GET /v1/payment_intents", "500", 1_000_000); // nobody can learn whether they were made
  await rows("update payments set due_at = due_at + ? where state <> 'creating'", 24 * 60 * 60_000); // on a slow machine, too
  await unheard(async () => {
    await shop.authenticate(withShopper, "approve");
    await journey.advance(61);
  });
  const waiting = [withShopper, withBank];
  const states = async () => (await Promise.all(waiting.map(paymentOf))).map(({ state }) => state);
  expect(await states()).toEqual(["requires_action", "processing"]);
  const { body } = await journey.control("GET", "clock");
  await rows("update payments set due_at = ? where state = 'creating'", body.nowSeconds * 1000 - 60_000);
  await rows("update payments set due_at = ? where state <> 'creating'", body.nowSeconds * 1000 - 1_000);
  await sweepOnce();
  await sweepOnce();
  expect(await states()).toEqual(["succeeded", "succeeded"]);
});
