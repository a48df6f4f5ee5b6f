import assert from "node:assert/strict";
import { newOrderId, Shop, type Shopper, type Transaction } from "../shop.ts";
import { arrivalLine, Inbox } from "./inbox.ts";
import { type Narrator, until } from "./narrate.ts";

/** The parts of an open shop. */
interface Open {
  shop: Shop;
  shopper: Shopper;
  accountId: string;
  inbox: Inbox;
}

/**
 * Shows the payments contract: a shop, a seller, a card with authentication, a partial refund, a manual capture.
 * Returns the first payment's PaymentIntent id.
 */
export async function sellInAShop(narrator: Narrator, origin: string): Promise<string> {
  narrator.chapter("A shop takes payments for its sellers");
  const open = await openAShop(narrator, origin);
  const paid = await payWithACardThatAsks(narrator, open, origin);
  await giveAPartBack(narrator, open, paid);
  await takeLater(narrator, open);
  await hearOfIt(narrator, open, paid);
  return paid.transactionId;
}

async function openAShop(narrator: Narrator, origin: string): Promise<Open> {
  const shop = await narrator.step(
    "The operator makes a developer, the developer an app",
    "Developers use the second contract: their back ends call it with a token, shown once, on behalf of their apps' shoppers.",
    (journey) => Shop.open(journey),
  );
  const shopper = await narrator.step(
    "A shopper comes in",
    "Three headers say who is asking from now on: the developer's token, the app, the shopper.",
    () => shop.shopper(),
  );
  const inbox = new Inbox(narrator.journey, origin, `shop-${Date.now()}`, {
    headers: { "X-Developer-Token": shop.token },
  });
  await narrator.step(
    "The developer listens, too",
    "A developer's webhook endpoint hears of its own payments, and of nobody else's.",
    () => inbox.open(),
  );
  const accountId = await narrator.step(
    "A seller is taken on board",
    "Shoppers pay on the seller's own account at Stripe: a connected account. The onboarding page is filled in for the seller.",
    async () => {
      const id = await shop.account();
      const headers = { "X-Developer-Token": shop.token };
      await until("the account being ready", async () => {
        const { data } = (await narrator.journey.must(200, "GET", `/connected-accounts/${id}`, { headers })).body;
        return data.status === "ready" || undefined;
      });
      return id;
    },
  );
  return { shop, shopper, accountId, inbox };
}

/** Pays 25.00 with a fee of 1.25 by a card whose bank asks for authentication. */
async function payWithACardThatAsks(
  narrator: Narrator,
  { shop, shopper, accountId }: Open,
  origin: string,
): Promise<Transaction> {
  const orderId = newOrderId();
  const transactionId = await narrator.step(
    "An order, and its payment",
    "The order's terms are put first, our fee of 1.25 among them; then its id alone makes the payment. Asked twice, it is made once.",
    async () => {
      const order = { amount: 2_500, currency: "usd", account_id: accountId, application_fee_amount: 125 };
      assert.equal((await shop.putOrder(orderId, order)).status, 201, "the order is new");
      const made = await shop.create(shopper, { order_id: orderId });
      const again = await shop.create(shopper, { order_id: orderId });
      assert.deepEqual([made.status, again.status], [201, 200], "made once, found the second time");
      assert.equal(again.body.data.transaction_id, made.body.data.transaction_id, "an order has one live payment");
      return made.body.data.transaction_id as string;
    },
  );
  const transaction = { shopper, accountId, orderId, transactionId };
  await narrator.step(
    "The bank wants to ask the shopper",
    "Confirmed with such a card, the payment waits: requires_action. Stripe.js would show the bank's page; here is its address.",
    async () => {
      const confirmed = await shop.confirm(transaction, { payment_method_id: "pm_card_authenticationRequired" });
      assert.equal(confirmed.status, 200, "a question is no failure");
      assert.equal(confirmed.body.data.status, "requires_action", "the bank asks");
      narrator.show(`The page: ${origin}/sandbox/authenticate/${transactionId}`);
    },
  );
  await narrator.step(
    "The shopper answers, and the payment succeeds",
    "Stripe's event says that there is something to ask; the state comes from Stripe's present answer.",
    async () => {
      await shop.authenticate(transaction, "approve");
      await statusOf(shop, transaction, "succeeded");
    },
  );
  return transaction;
}

async function giveAPartBack(narrator: Narrator, { shop }: Open, paid: Transaction): Promise<void> {
  await narrator.step(
    "10.00 goes back",
    "A part of the payment, and the same part of our fee: 0.50. What is left can go back later, never more.",
    async () => {
      const part = await shop.refund(paid, { amount: 1_000, reason: "Damaged" });
      assert.equal(part.body.data.status, "succeeded", "a part goes back");
      const most = await shop.refund(paid, { amount: 1_501 });
      assert.equal(most.status, 422, "more than what is left does not");
    },
  );
}

async function takeLater(narrator: Narrator, { shop, shopper, accountId }: Open): Promise<void> {
  const reserved = await narrator.step(
    "40.00 is reserved, not taken",
    "With manual capture the bank promises the money for seven days. Only what is captured moves.",
    async () => {
      const transaction = await shop.paid({ amount: 4_000, capture_method: "manual" }, { shopper, accountId });
      await statusOf(shop, transaction, "requires_capture");
      return transaction;
    },
  );
  await narrator.step("30.00 is taken", "The order became smaller. The rest is released by itself.", async () => {
    const captured = await shop.capture(reserved, 3_000);
    assert.equal(captured.body.data.amount_captured, "3000", "a part is captured");
    assert.equal((await shop.capture(reserved, 1_000)).status, 409, "once");
  });
}

async function hearOfIt(narrator: Narrator, { inbox }: Open, { transactionId }: Transaction): Promise<void> {
  await narrator.step(
    "The developer was told",
    "Of the first payment: made, waiting for its shopper, paid, and given back in part. Signed, and numbered without a gap.",
    async () => {
      const timeline = await narrator.journey.operator("GET", `/payments/${transactionId}/timeline`);
      const arrivals = await inbox.told(timeline.body.data.paymentId, 4);
      narrator.show(...arrivals.map(arrivalLine));
      const types = arrivals.toSorted((a, b) => a.sequence - b.sequence).map(({ type }) => type);
      const expected = ["payment.created", "payment.requires_action", "payment.succeeded", "refund.succeeded"];
      assert.deepEqual(types, expected, "every step is told, in order");
      assert.ok(
        arrivals.every(({ verdict }) => verdict === "verified"),
        "every signature verifies",
      );
      narrator.show(`The page: ${inbox.page}`);
    },
  );
  await inbox.close();
}

async function statusOf(shop: Shop, transaction: Transaction, wanted: string): Promise<void> {
  await until(`the payment being ${wanted}`, async () => {
    const { data } = (await shop.view(transaction)).body;
    return data.status === wanted || undefined;
  });
}
