import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { World } from "../../src/sandbox/core/world";
import { emulatorOf } from "../../src/sandbox/emulator-of";
import { Journey } from "../journey";
import { newOrderId, Shop, type Shopper, type Transaction } from "../shop";
import { insertAgain } from "./insert-again";

/*
 * Tests of each second guard of payments by itself, and of what a developer may rely on whatever fails. In any history
 * the first guard hides them.
 */

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let shopper: Shopper;
let accountId: string;

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
  shopper = await shop.shopper();
  accountId = await shop.account();
  await journey.events("hold");
});

describe("the database refuses by itself", () => {
  it("a second payment that stands for one order", async () => {
    await shop.started({}, { shopper, accountId });
    await expect(insertAgain("payments", "id")).rejects.toThrow("UNIQUE");
    await insertAgain("payments", "id", { live: null }); // payments that are over: any number
  });

  it("a second refund under one id", async () => {
    await shop.refund(await shop.paid({}, { shopper, accountId }), { amount: 400 });
    await expect(insertAgain("payment_refunds", "created_at", { created_at: 0 })).rejects.toThrow("UNIQUE");
  });

  it.each([
    ["more back than was taken", "refunded_minor = captured_minor + 1"],
    ["more taken than was authorised", "captured_minor = amount_minor + 1"],
  ])("%s", async (_, change) => {
    await shop.paid({}, { shopper, accountId });
    await expect(env.DB.exec(`UPDATE payments SET ${change}`)).rejects.toThrow("CHECK");
  });
});

/** Each request to Stripe with the call that it makes. */
const verbs: [verb: string, call: string, body: object, ask: (one: Transaction) => Promise<{ status: number }>][] = [
  ["a confirmation", "POST /v1/payment_intents/*/confirm", {}, (one) => shop.confirm(one)],
  ["a capture", "POST /v1/payment_intents/*/capture", { capture_method: "manual" }, (one) => shop.capture(one)],
  ["a cancellation", "POST /v1/payment_intents/*/cancel", {}, (one) => shop.cancel(one)],
  ["a release", "POST /v1/payment_intents/*/cancel", { capture_method: "manual" }, (one) => shop.refund(one)],
  ["a refund", "POST /v1/refunds", { paid: true }, (one) => shop.refund(one)],
];

describe("a call at Stripe", () => {
  it("that makes a PaymentIntent is due again from the moment it is written down", async () => {
    await journey.fault("POST /v1/payment_intents", "timeout_before", 2);
    const asked = shop.create(shopper, { order_id: newOrderId(), account_id: accountId, amount: 1000 });
    expect(await claimed("create-intent")).toEqual({ state: "open", isDue: 1 });
    expect((await asked).status).toBe(503);
  });

  it.each(verbs)("of %s is due again from the moment it is written down", async (_, call, terms, ask) => {
    const transaction = await begun(terms);
    await journey.fault(call, "timeout_before", 2);
    const asked = ask(transaction);
    expect(await claimed(kinds[call])).toEqual({ state: "open", isDue: 1 });
    expect((await asked).status).toBe(503);
  });

  it.each(verbs)("of %s whose answer is lost is made once, and found", async (_, call, terms, ask) => {
    const transaction = await begun(terms);
    await journey.fault(call, "truncated", 1);
    expect((await ask(transaction)).status).toBe(503);
    expect((await shop.view(transaction)).body.data.status).toBe("unknown");
    expect((await shop.confirm(transaction)).status, "nothing else is asked meanwhile").toBe(409);
    await journey.advance(60);
    expect((await shop.view(transaction)).body.data.status).not.toBe("unknown");
    const { requests } = (await journey.control("GET", `requests?match=${encodeURIComponent(call)}`)).body;
    expect(new Set(requests.map(({ idempotencyKey }: { idempotencyKey: string }) => idempotencyKey)).size).toBe(1);
  });
});

it.each(["requires_payment_method", "processing", "canceled"] as const)(
  "a payment that succeeded has succeeded, should an answer of Stripe's say %s",
  async (status) => {
    const { transactionId } = await shop.paid({}, { shopper, accountId });
    await runInDurableObject(emulatorOf(env), (_, { storage }) => {
      new World(storage.sql).change("payment_intent", accountId, transactionId, { status });
    });
    await journey.flushEvents();
    await journey.advance(1);
    const row = await env.DB.prepare("SELECT state, captured_minor FROM payments").first();
    expect(row).toEqual({ state: "succeeded", captured_minor: 1000 });
  },
);

it("what is released of an authorisation is no refund, though Stripe lists it as one", async () => {
  const reserved = await shop.paid({ capture_method: "manual" }, { shopper, accountId });
  await shop.capture(reserved, 600);
  await shop.refund(reserved, { amount: 100 });
  await journey.flushEvents(); // the refund's event, after which Stripe's list of refunds is read
  await journey.advance(1);
  const sum = "SELECT sum(amount_minor) AS minor FROM postings WHERE account = 'seller_balance'";
  expect(await env.DB.prepare(sum).first()).toEqual({ minor: 500 });
  expect((await shop.view(reserved)).body.data).toMatchObject({ amount_captured: "600", amount_refunded: "100" });
});

describe("what cannot be written down", () => {
  it.each(["INSERT ON journal", "UPDATE ON payments", "INSERT ON outbox", "INSERT ON stripe_objects"])(
    "is not answered as done (%s), and is found later",
    async (write) => {
      const orderId = newOrderId();
      const create = () => shop.create(shopper, { order_id: orderId, account_id: accountId, amount: 1000 });
      await env.DB.exec(`CREATE TRIGGER refuse BEFORE ${write} BEGIN SELECT RAISE(ABORT, 'refused'); END`);
      try {
        expect((await create()).status).toBe(500);
      } finally {
        await env.DB.exec("DROP TRIGGER refuse");
      }
      await journey.advance(60);
      const answer = await create();
      expect([200, 201]).toContain(answer.status);
      const listed = await shop.ask(shopper, "GET", "/transactions");
      const ids = listed.body.data.map(({ transaction_id }: { transaction_id: string }) => transaction_id);
      expect(ids).toEqual([answer.body.data.transaction_id]);
      expect((await journey.stripe("/payment_intents", accountId)).data).toHaveLength(1);
    },
  );

  it("gives no money back, and leaves it to be given", async () => {
    const paid = await shop.paid({}, { shopper, accountId });
    await env.DB.exec("CREATE TRIGGER refuse BEFORE INSERT ON payment_refunds BEGIN SELECT RAISE(ABORT, 'no'); END");
    try {
      expect((await shop.refund(paid, { amount: 600 })).status).toBe(500);
    } finally {
      await env.DB.exec("DROP TRIGGER refuse");
    }
    expect((await journey.stripe("/refunds", accountId)).data).toEqual([]);
    expect((await shop.refund(paid)).body.data).toMatchObject({ amount: "1000", status: "succeeded" });
  });
});

const kinds: Record<string, string> = {
  "POST /v1/payment_intents/*/confirm": "confirm-intent",
  "POST /v1/payment_intents/*/capture": "capture-intent",
  "POST /v1/payment_intents/*/cancel": "cancel-intent",
  "POST /v1/refunds": "create-payment-refund",
};

/** Makes a payment in the state that a request needs: started, authorized, or paid. */
function begun({ paid = false, ...terms }: { paid?: boolean; capture_method?: string }): Promise<Transaction> {
  const world = { shopper, accountId };
  return paid || terms.capture_method ? shop.paid(terms, world) : shop.started(terms, world);
}

/** Returns the row of a call as soon as it exists, while the call is being made. */
async function claimed(kind: string | undefined): Promise<unknown> {
  const query = env.DB.prepare(
    "SELECT state, due_at > 0 AS isDue FROM stripe_effects WHERE kind = ? AND state = 'open'",
  );
  for (let turn = 0; turn < 150; turn += 1) {
    const row = await query.bind(kind ?? "").first();
    if (row) return row;
    await scheduler.wait(2);
  }
  return undefined;
}
