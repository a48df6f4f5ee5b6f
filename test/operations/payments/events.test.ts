import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { eventOf, type ListedEvent, postEvent } from "../../post-event";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, rows, toldOfPayment } from "../rows";
import { stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

beforeEach(() => journey.events("drop"));
afterEach(() => expectProof(journey));

const paid = { seller_balance: 1000, seller_payable: -1000 };

/** Pays with authentication while every event is lost. */
async function silentlyPaid(): Promise<Transaction> {
  const transaction = await shop.started({}, world);
  await shop.confirm(transaction, { payment_method_id: "pm_card_authenticationRequired" });
  await shop.authenticate(transaction, "approve");
  return transaction;
}

function succeeded({ transactionId, accountId }: Transaction): Promise<ListedEvent> {
  return eventOf(journey, "payment_intent.succeeded", ({ id }) => id === transactionId, accountId);
}

async function deliver(event: ListedEvent): Promise<void> {
  await postEvent(journey, event);
  const state = async () =>
    (await rows<{ state: string }>("select state from stripe_events where id = ?", event.id))[0]?.state;
  await expect.poll(state, { interval: 5, timeout: 5_000 }).toBe("processed");
}

async function statusOf(transaction: Transaction): Promise<string> {
  return (await shop.view(transaction)).body.data.status;
}

describe("an event of an account", () => {
  it("is about the payment with its intent on that account, once, however often it comes", async () => {
    const transaction = await silentlyPaid();
    expect(await statusOf(transaction)).toBe("requires_action");
    const event = await succeeded(transaction);
    await Promise.all(Array.from({ length: 5 }, () => postEvent(journey, event)));
    await deliver(event);
    await deliver({ ...event, id: `evt_${crypto.randomUUID()}` });
    expect(await statusOf(transaction)).toBe("succeeded");
    expect(await booksOfPayment(transaction)).toEqual(paid);
    expect((await toldOfPayment(transaction)).slice(2)).toEqual(["payment.succeeded"]);
  });

  it.each(["another of the developer's", "another developer's", "nobody's"])(
    "%s account with a known intent is ignored",
    async (whose) => {
      const transaction = await silentlyPaid();
      const accounts: Record<string, () => Promise<string>> = {
        "another of the developer's": () => shop.account(),
        "another developer's": async () => (await Shop.open(journey)).account(),
        "nobody's": async () => "acct_of_nobody",
      };
      const event = await succeeded(transaction);
      await deliver({ ...event, id: `evt_${crypto.randomUUID()}`, account: (await accounts[whose]?.()) ?? "" });
      expect(await statusOf(transaction)).toBe("requires_action");
      await deliver(event);
      expect(await statusOf(transaction)).toBe("succeeded");
    },
  );

  it.each(["charge.refunded", "refund.updated", "charge.dispute.created"])(
    "of the platform with a known intent is ignored: %s",
    async (type) => {
      const transaction = await silentlyPaid();
      const object = { id: `x_${crypto.randomUUID()}`, payment_intent: transaction.transactionId, metadata: {} };
      const { account: _, ...event } = await succeeded(transaction);
      await deliver({ ...event, id: `evt_${crypto.randomUUID()}`, type, data: { object } } as ListedEvent);
      expect(await statusOf(transaction)).toBe("requires_action");
      await journey.advance(10 * 60 + 1);
      expect(await statusOf(transaction)).toBe("succeeded");
    },
  );

  it("is not trusted: the payment is read from Stripe", async () => {
    const transaction = await shop.started({}, world);
    const event = await succeeded(await shop.paid({}, world));
    const lie = { ...event.data.object, id: transaction.transactionId, status: "succeeded", amount_received: 1000 };
    await deliver({ ...event, id: `evt_${crypto.randomUUID()}`, data: { object: lie } });
    expect(await statusOf(transaction)).toBe("requires_payment_method");
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("has the order of our row, whatever its metadata says", async () => {
    const victim = await shop.started({}, world);
    const transaction = await silentlyPaid();
    const event = await succeeded(transaction);
    const { id: paymentId } = await paymentOf(victim);
    const metadata = { payment_id: paymentId, order_id: victim.orderId };
    await journey.stripePost(
      `/payment_intents/${transaction.transactionId}`,
      { "metadata[payment_id]": paymentId, "metadata[order_id]": victim.orderId },
      transaction.accountId,
    );
    await deliver({ ...event, data: { object: { ...event.data.object, metadata } } });
    expect(await statusOf(transaction)).toBe("succeeded");
    expect((await shop.view(transaction)).body.data.order_id).toBe(transaction.orderId);
    expect(await statusOf(victim)).toBe("requires_payment_method");
    expect(await booksOfPayment(victim)).toEqual({});
  });

  it("about an intent that is not ours changes nothing, whatever its metadata says", async () => {
    const victim = await shop.started({}, world);
    const { id: paymentId } = await paymentOf(victim);
    const fields = { amount: 1000, currency: "usd", "metadata[payment_id]": paymentId };
    const { id } = await journey.stripePost("/payment_intents", fields, world.accountId);
    await journey.stripePost(`/payment_intents/${id}/cancel`, {}, world.accountId);
    await deliver(await eventOf(journey, "payment_intent.canceled", (object) => object.id === id, world.accountId));
    expect(await statusOf(victim)).toBe("requires_payment_method");
  });
});

describe("an intent at Stripe whose making was never answered", () => {
  it("is known by our id and its terms: one with the same metadata and another price is not it", async () => {
    await journey.fault("POST /v1/payment_intents", "500_stored", 1);
    const orderId = `order-${crypto.randomUUID()}`;
    const body = { order_id: orderId, account_id: world.accountId, amount: 1000 };
    expect((await shop.create(world.shopper, body)).status).toBe(503);
    const [{ id } = { id: "" }] = await rows<{ id: string }>("select id from payments where order_id = ?", orderId);
    const cheap = await journey.stripePost(
      "/payment_intents",
      { amount: 50, currency: "usd", "metadata[payment_id]": id },
      world.accountId,
    );
    const made = await shop.create(world.shopper, body);
    expect(made.status).toBe(200);
    expect(made.body.data.transaction_id).not.toBe(cheap.id);
    const transaction = { ...world, orderId, transactionId: made.body.data.transaction_id };
    await shop.confirm(transaction);
    expect((await stripeSideOf(journey, transaction)).receivedMinor).toBe(1000);
  });
});

describe("with every event lost", () => {
  it("the clock finds all that happens to a payment, from the bank's question to a lost dispute", async () => {
    const transaction = await silentlyPaid();
    await journey.advance(10 * 60 + 1);
    expect(await statusOf(transaction)).toBe("succeeded");
    await journey.stripePost("/refunds", { payment_intent: transaction.transactionId, amount: 300 }, world.accountId);
    const { latest_charge: charge } = await journey.stripe(
      `/payment_intents/${transaction.transactionId}`,
      world.accountId,
    );
    await journey.advance(day + 60);
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 700, seller_payable: -700 });
    const dispute = (await journey.control("POST", "disputes", { charge })).body.id;
    await journey.advance(day + 60);
    expect(await booksOfPayment(transaction)).toEqual({});
    await journey.control("POST", "disputes", { dispute, status: "lost" });
    await journey.advance(day + 60);
    expect((await toldOfPayment(transaction)).slice(2)).toEqual([
      "payment.succeeded",
      "refund.succeeded",
      "dispute.opened",
      "dispute.closed",
    ]);
    expect(await paymentOf(transaction)).toMatchObject({ due_at: null });
  });

  it("an abandoned payment is asked about more and more rarely, and at last no more", async () => {
    const transaction = await shop.started({}, world);
    const asked = async () =>
      (await journey.control("GET", "requests?match=GET%20/v1/payment_intents/*")).body.requests.filter(
        ({ path }: { path: string }) => path.endsWith(transaction.transactionId),
      ).length;
    const looks = [];
    for (const seconds of [60 * 60, 60 * 60, day, day, 31 * day, 31 * day]) {
      await journey.advance(seconds);
      looks.push(await asked());
    }
    expect(looks).toEqual([1, 2, 3, 4, 5, 5]);
    expect(await paymentOf(transaction)).toMatchObject({ state: "requires_payment_method", due_at: null, live: 1 });
    expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
  });
});
