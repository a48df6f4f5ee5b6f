import assert from "node:assert/strict";
import { createPayments, isRefusal, type PaymentsClient } from "../../dist/assets/client/payments.ts";
import { newOrderId } from "../shop.ts";
import { arrivalLine, Inbox } from "./inbox.ts";
import { type Narrator, refusal, until } from "./narrate.ts";

/** The parts of an open shop. */
interface Open {
  /** The developer's back end, on behalf of a shopper. */
  shopper: PaymentsClient;
  accountId: string;
  inbox: Inbox;
}

interface Transaction {
  orderId: string;
  transactionId: string;
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
  const { journey, server } = narrator;
  const developerToken = await narrator.step(
    "The operator makes a developer",
    "Developers use the second contract: their back ends call it with a token, shown once, on behalf of their apps' shoppers.",
    async () => {
      const body = { name: "Corner Shop", email: `dev-${crypto.randomUUID()}@example.com` };
      return (await journey.operator("POST", "/developers", body)).body.data.token as string;
    },
  );
  const developer = createPayments({ ...server, developerToken });
  const shopper = await narrator.step(
    "The developer makes an app, and a shopper comes in",
    "Three headers say who is asking from now on: the developer's token, the app, the shopper.",
    async () => {
      const { data: app } = await developer.createApp({ body: { name: "Web" } });
      const { data: user } = await developer.createAppUser({ body: { app_id: app.id } });
      return createPayments({ ...server, developerToken, appId: app.id, userId: user.id });
    },
  );
  const inbox = new Inbox(journey, origin, `shop-${Date.now()}`, { headers: { "X-Developer-Token": developerToken } });
  await narrator.step(
    "The developer listens, too",
    "A developer's webhook endpoint hears of its own payments, and of nobody else's.",
    () => inbox.open(),
  );
  const accountId = await narrator.step(
    "A seller is taken on board",
    "Shoppers pay on the seller's own account at Stripe: a connected account. The onboarding page is filled in for the seller.",
    async () => {
      const email = `seller-${crypto.randomUUID()}@example.com`;
      const { data, links } = await developer.openConnectedAccount({ body: { email } });
      await journey.submit(links.onboarding_url ?? "", {});
      const path = { id: data.account_id };
      await until(
        "the account being ready",
        async () => (await developer.viewConnectedAccount({ path })).data.status === "ready" || undefined,
      );
      return data.account_id;
    },
  );
  return { shopper, accountId, inbox };
}

/** Pays 25.00 with a fee of 1.25 by a card whose bank asks for authentication. */
async function payWithACardThatAsks(narrator: Narrator, open: Open, origin: string): Promise<Transaction> {
  const { shopper, accountId } = open;
  const orderId = newOrderId();
  const transactionId = await narrator.step(
    "An order, and its payment",
    "The order's terms are put first, our fee of 1.25 among them; then its id alone makes the payment. Asked twice, it is made once.",
    async () => {
      await shopper.putOrder({
        path: { orderId },
        body: { amount: 2_500, currency: "usd", account_id: accountId, application_fee_amount: 125 },
      });
      const made = await shopper.createPayment({ body: { order_id: orderId } });
      const again = await shopper.createPayment({ body: { order_id: orderId } });
      assert.equal(again.data.transaction_id, made.data.transaction_id, "an order has one live payment");
      return made.data.transaction_id;
    },
  );
  await narrator.step(
    "The bank wants to ask the shopper",
    "Confirmed with such a card, the payment waits: requires_action. Stripe.js would show the bank's page; here is its address.",
    async () => {
      const { data } = await shopper.confirmPayment({
        body: {
          transaction_id: transactionId,
          account_id: accountId,
          payment_method_id: "pm_card_authenticationRequired",
        },
      });
      assert.equal(data.status, "requires_action", "the bank asks");
      narrator.show(`The page: ${origin}/sandbox/authenticate/${transactionId}`);
    },
  );
  await narrator.step(
    "The shopper answers, and the payment succeeds",
    "Stripe's event says that there is something to ask; the state comes from Stripe's present answer.",
    async () => {
      await narrator.journey.submit(`/sandbox/authenticate/${transactionId}`, { authentication: "approve" });
      await statusOf(shopper, transactionId, "succeeded");
    },
  );
  return { orderId, transactionId };
}

async function giveAPartBack(narrator: Narrator, open: Open, { orderId }: Transaction): Promise<void> {
  const { shopper, accountId } = open;
  const refund = (amount: number) =>
    shopper.refundPayment({ body: { order_id: orderId, account_id: accountId, amount, reason: "Damaged" } });
  await narrator.step(
    "10.00 goes back",
    "A part of the payment, and the same part of our fee: 0.50. What is left can go back later, never more.",
    async () => {
      assert.equal((await refund(1_000)).data.status, "succeeded", "a part goes back");
      const { code } = await refusal(refund(1_501), (thrown) => isRefusal(thrown, "refundPayment"));
      assert.equal(code, "amount_exceeds_refundable", "more than what is left does not");
    },
  );
}

async function takeLater(narrator: Narrator, { shopper, accountId }: Open): Promise<void> {
  const transactionId = await narrator.step(
    "40.00 is reserved, not taken",
    "With manual capture the bank promises the money for seven days. Only what is captured moves.",
    async () => {
      const order = { order_id: newOrderId(), account_id: accountId, amount: 4_000 };
      const { data } = await shopper.createPayment({ body: { ...order, capture_method: "manual" } });
      const { transaction_id } = data;
      await shopper.confirmPayment({
        body: { transaction_id, account_id: accountId, payment_method_id: "pm_card_visa" },
      });
      await statusOf(shopper, transaction_id, "requires_capture");
      return transaction_id;
    },
  );
  const capture = (amount: number) =>
    shopper.capturePayment({ path: { id: transactionId }, body: { amount_to_capture: amount } });
  await narrator.step("30.00 is taken", "The order became smaller. The rest is released by itself.", async () => {
    assert.equal((await capture(3_000)).data.amount_captured, "3000", "a part is captured");
    const { code } = await refusal(capture(1_000), (thrown) => isRefusal(thrown, "capturePayment"));
    assert.equal(code, "state_wrong", "once");
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

async function statusOf(shopper: PaymentsClient, id: string, wanted: string): Promise<void> {
  await until(`the payment being ${wanted}`, async () => {
    const { data } = await shopper.viewPayment({ path: { id } });
    return data.status === wanted || undefined;
  });
}
