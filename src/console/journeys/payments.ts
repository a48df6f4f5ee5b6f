import { createOperator } from "#operator";
import type { PaymentsClient } from "#payments";
import { type Box, closeBox, hearOf, openBox } from "./box.ts";
import { mustEqual, refusal } from "./check.ts";
import type { Journey, KeptByAll, Teller } from "./journey.ts";
import { newEmail, operatorToken } from "./people.ts";

/** The client is loaded when this journey is told, so that the page is there sooner. */
const client = () => import("#payments");

interface PaymentsKept extends KeptByAll {
  developerToken: string;
  /** The developer's back end by itself, and on behalf of a shopper. */
  developer: PaymentsClient;
  shopper: PaymentsClient;
  accountId: string;
  box: Box;
  orderId: string;
  transactionId: string;
  reservedId: string;
}

/** A shop takes payments for a seller: authentication, a partial refund, a manual capture. */
export const payments: Journey<PaymentsKept> = {
  name: "payments",
  title: "Payments",
  object: "payment",
  summary: "A shopper pays a seller in a developer's shop, and gets a part back. Another payment is reserved first.",
  chapters: [
    {
      title: "A shop takes payments for its sellers",
      steps: [
        {
          title: "The operator makes a developer",
          why: "Developers use the second contract: their back ends call it with a token, shown once, on behalf of their apps' shoppers.",
          async take({ server }) {
            const body = { name: "Corner Shop", email: newEmail("dev") };
            const { data } = await createOperator({ ...server, token: operatorToken }).createDeveloper({ body });
            const developerToken = data.token;
            const { createPayments } = await client();
            return { developerToken, developer: createPayments({ ...server, developerToken }) };
          },
        },
        {
          title: "The developer makes an app, and a shopper comes in",
          why: "Three headers say who is asking from now on: the developer's token, the app, the shopper.",
          async take({ server }, { developer, developerToken }) {
            const { data: app } = await developer.createApp({ body: { name: "Web" } });
            const { data: user } = await developer.createAppUser({ body: { app_id: app.id } });
            const { createPayments } = await client();
            return { shopper: createPayments({ ...server, developerToken, appId: app.id, userId: user.id }) };
          },
        },
        {
          title: "The developer listens, too",
          why: "A developer's webhook endpoint hears of its own payments, and of nobody else's.",
          take: async (teller, { developerToken }) => ({
            box: await openBox(teller, `shop-${Date.now()}`, { developerToken }),
          }),
        },
        {
          title: "A seller is taken on board",
          why: "Shoppers pay on the seller's own account at Stripe: a connected account. The onboarding page is filled in for the seller.",
          async take(teller, { developer }) {
            const { data, links } = await developer.openConnectedAccount({ body: { email: newEmail("seller") } });
            await teller.submit(links.onboarding_url ?? "", {});
            const path = { id: data.account_id };
            await teller.until(
              "the account being ready",
              async () => (await developer.viewConnectedAccount({ path })).data.status === "ready" || undefined,
            );
            return { accountId: data.account_id };
          },
        },
        {
          title: "An order, and its payment",
          why: "The order's terms are put first, our fee of 1.25 among them; then its id alone makes the payment. Asked twice, it is made once.",
          async take(_, { shopper, accountId }) {
            const orderId = newOrderId();
            await shopper.putOrder({
              path: { orderId },
              body: { amount: 2_500, currency: "usd", account_id: accountId, application_fee_amount: 125 },
            });
            const made = await shopper.createPayment({ body: { order_id: orderId } });
            const again = await shopper.createPayment({ body: { order_id: orderId } });
            const transactionId = made.data.transaction_id;
            mustEqual(again.data.transaction_id, transactionId, "an order has one live payment");
            return { orderId, transactionId, about: transactionId };
          },
        },
        {
          title: "The bank wants to ask the shopper",
          why: "Confirmed with such a card, the payment waits: requires_action. Stripe.js would show the bank's page; here is its address.",
          async take(teller, { shopper, accountId, transactionId }) {
            const { data } = await shopper.confirmPayment({
              body: {
                transaction_id: transactionId,
                account_id: accountId,
                payment_method_id: "pm_card_authenticationRequired",
              },
            });
            mustEqual(data.status, "requires_action", "the bank asks");
            teller.showPage(`${teller.server.baseUrl}/sandbox/authenticate/${transactionId}`);
          },
        },
        {
          title: "The shopper answers, and the payment succeeds",
          why: "Stripe's event says that there is something to ask; the state comes from Stripe's present answer.",
          async take(teller, { shopper, transactionId }) {
            await teller.submit(`/sandbox/authenticate/${transactionId}`, { authentication: "approve" });
            await statusOf(teller, shopper, transactionId, "succeeded");
          },
        },
        {
          title: "10.00 goes back",
          why: "A part of the payment, and the same part of our fee: 0.50. What is left can go back later, never more.",
          async take(_, { shopper, accountId, orderId }) {
            const refund = (amount: number) =>
              shopper.refundPayment({ body: { order_id: orderId, account_id: accountId, amount, reason: "Damaged" } });
            mustEqual((await refund(1_000)).data.status, "succeeded", "a part goes back");
            const { isRefusal } = await client();
            const { code } = await refusal(refund(1_501), (thrown) => isRefusal(thrown, "refundPayment"));
            mustEqual(code, "amount_exceeds_refundable", "more than what is left does not");
          },
        },
        {
          title: "40.00 is reserved, not taken",
          why: "With manual capture the bank promises the money for seven days. Only what is captured moves.",
          async take(teller, { shopper, accountId }) {
            const order = { order_id: newOrderId(), account_id: accountId, amount: 4_000 };
            const { data } = await shopper.createPayment({ body: { ...order, capture_method: "manual" } });
            const { transaction_id } = data;
            await shopper.confirmPayment({
              body: { transaction_id, account_id: accountId, payment_method_id: "pm_card_visa" },
            });
            await statusOf(teller, shopper, transaction_id, "requires_capture");
            return { reservedId: transaction_id, about: transaction_id };
          },
        },
        {
          title: "30.00 is taken",
          why: "The order became smaller. The rest is released by itself.",
          async take(_, { shopper, reservedId }) {
            const capture = (amount: number) =>
              shopper.capturePayment({ path: { id: reservedId }, body: { amount_to_capture: amount } });
            mustEqual((await capture(3_000)).data.amount_captured, "3000", "a part is captured");
            const { isRefusal } = await client();
            const { code } = await refusal(capture(1_000), (thrown) => isRefusal(thrown, "capturePayment"));
            mustEqual(code, "state_wrong", "once");
          },
        },
        {
          title: "The developer was told",
          why: "Of the first payment: made, waiting for its shopper, paid, and given back in part. Signed, and numbered without a gap.",
          async take(teller, { box, transactionId }) {
            const operator = createOperator({ ...teller.server, token: operatorToken });
            const { data } = await operator.viewPaymentTimeline({ path: { id: transactionId } });
            const arrivals = await hearOf(teller, box.name, data.paymentId, 4);
            const types = arrivals.map(({ type }) => type);
            const expected = ["payment.created", "payment.requires_action", "payment.succeeded", "refund.succeeded"];
            mustEqual(types, expected, "every step is told, in order");
            return { about: transactionId };
          },
        },
      ],
      end: async (teller, { box }) => box && closeBox(teller, box),
    },
  ],
};

function newOrderId(): string {
  return `order-${crypto.randomUUID()}`;
}

async function statusOf(teller: Teller, shopper: PaymentsClient, id: string, wanted: string): Promise<void> {
  await teller.until(`the payment being ${wanted}`, async () => {
    const { data } = await shopper.viewPayment({ path: { id } });
    return data.status === wanted || undefined;
  });
}
