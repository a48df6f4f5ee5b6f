import { beforeEach, expect, it } from "vitest";
import { createOffers } from "../../dist/assets/client/offers";
import { createPayments } from "../../dist/assets/client/payments";
import { createTransfers, type TransactionMessage, verifyWebhook } from "../../dist/assets/client/transfers";
import { checkedSend, journey } from "../http/checked";
import { arrived, boxUrl } from "../webhooks/owner";

const server = { baseUrl: "http://localhost:8787", fetch: checkedSend };

beforeEach(() => journey.reset());

const person = (name: string) => ({
  email: `${name}-${crypto.randomUUID()}@example.com`,
  password: "correct horse 1",
  passwordConfirmation: "correct horse 1",
  newsletterSubscribed: false,
  termsAgreed: true as const,
});
const place = { line1: "Skladova 12", city: "Nitra", postalCode: "949 01" };
const address = { ...place, country: "SK" };

it("offers: a client asks, an expert offers, the client pays and accepts", async () => {
  const anyone = createOffers(server);
  const registered = await anyone.registerClient({ body: person("client") });
  const client = createOffers({ ...server, token: registered.data.token });
  const asExpert = await anyone.registerExpert({
    body: {
      ...person("expert"),
      ...{ phone: "+421905123456", firstName: "Ema", lastName: "Expertova", registrationNumber: "900001" },
      dateOfBirth: { day: 1, month: 2, year: 1980 },
      billingAddress: address,
      company: { businessId: "12345678", taxId: "1234567890" },
      bankAccount: { iban: "SK3112000000198742637541" },
      regions: ["nr"],
    },
  });
  const expert = createOffers({ ...server, token: asExpert.data.token });
  const onboarding = await expert.openPayoutAccount();
  await journey.submit(onboarding.data.url, {});

  const { data: testimony } = await client.createTestimony({
    body: { purpose: "mortgage", realEstate: { type: "garage", region: "nr", address: place } },
  });
  const offerable: string[] = [];
  for await (const { id } of expert.listOfferableTestimonies()) offerable.push(id);
  expect(offerable).toEqual([testimony.id]);
  const { data: offer } = await expert.createOffer({
    path: { testimonyId: testimony.id },
    body: { price: 149.5, deliveryDays: 10 },
  });
  const { data: checkout } = await client.startCheckout({
    path: { offerId: offer.id },
    body: { phone: "+421901234567", firstName: "Klara", lastName: "Klientova", billingAddress: address },
  });
  expect((await journey.pay(checkout)).status).toBe(303);
  await client.acceptOffer({ body: { sessionId: checkout.url.split("/").at(-1) ?? "" } });

  const { data: accepted } = await client.viewTestimony({ path: { testimonyId: testimony.id } });
  expect([accepted.state, accepted.acceptedOffer?.id]).toEqual(["accepted", offer.id]);
  expect(await journey.ledgerCheck()).toMatchObject({ ok: true });
});

it("payments: a seller's account, an order, a payment that is captured and refunded", async () => {
  const made = { token: "admin_sandbox", body: { name: "Corner Shop", email: person("shop").email } };
  const developerToken: string = (await journey.must(201, "POST", "/admin/developers", made)).body.data.token;
  const developer = createPayments({ ...server, developerToken });
  const { data: app } = await developer.createApp({ body: { name: "Web" } });
  const { data: user } = await developer.createAppUser({ body: { app_id: app.id } });
  const shopper = createPayments({ ...server, developerToken, appId: app.id, userId: user.id });

  const { data: account, links } = await developer.openConnectedAccount({ body: { email: person("seller").email } });
  await journey.submit(links.onboarding_url ?? "", {});
  const { account_id } = account;
  const { data: ready } = await developer.viewConnectedAccount({ path: { id: account_id } });
  expect(ready.status).toBe("ready");

  const order_id = `order-${crypto.randomUUID()}`;
  await shopper.putOrder({
    path: { orderId: order_id },
    body: { account_id, amount: 2500, currency: "usd", application_fee_amount: 125 },
  });
  const { data: payment } = await shopper.createPayment({ body: { order_id, capture_method: "manual" } });
  const { transaction_id } = payment;
  const { data: confirmed } = await shopper.confirmPayment({
    body: { transaction_id, account_id, payment_method_id: "pm_card_visa" },
  });
  expect(confirmed.status).toBe("requires_capture");
  await shopper.capturePayment({ path: { id: transaction_id }, body: { amount_to_capture: 2000 } });
  const { data: refund } = await shopper.refundPayment({ body: { order_id, account_id, amount: 500 } });
  expect([refund.status, refund.amount]).toEqual(["succeeded", "500"]);

  const seen: string[] = [];
  for await (const one of shopper.listPayments({ query: { limit: 1, order_id } })) seen.push(one.transaction_id);
  expect(seen).toEqual([transaction_id]);
  expect(await journey.ledgerCheck()).toMatchObject({ ok: true });
});

it("transfers: two applications, a transfer that is accepted, and what both hear", async () => {
  const anyone = createTransfers(server);
  const enter = async (appHandle: string) => {
    const { data: application } = await anyone.registerApplication({
      body: { name: appHandle, appHandle, transactionWebhookUrl: boxUrl(appHandle) },
    });
    const { clientId: client_id, clientSecret: client_secret, webhookSecret } = application;
    const token = async () => (await anyone.issueToken({ body: { client_id, client_secret } })).data.token;
    const itself = createTransfers({ ...server, token });
    const { data: subject } = await itself.createSubject({ body: { externalId: `user-of-${appHandle}` } });
    const { data: tag } = await itself.createTag({ body: { subjectId: subject.id, tagString: "alice" } });
    return { itself, webhookSecret, tag: tag.qualifiedTag };
  };
  const sender = await enter("sender-app");
  const receiver = await enter("receiver-app");

  const { data: transfer } = await sender.itself.initiateTransfer({
    body: { senderTag: sender.tag, receiverTag: receiver.tag, amount: 1500, callbackUrl: boxUrl("callback") },
  });
  const [asked] = await arrived("receiver-app", 1);
  const heard = await verifyWebhook<TransactionMessage>({ ...asked!, secret: receiver.webhookSecret });
  const message = heard.scheme === "transfers" && typeof heard.message !== "string" ? heard.message : undefined;
  expect([message?.eventType, message?.transaction.reference]).toEqual(["TRANSACTION_INITIATED", transfer.reference]);

  await receiver.itself.acceptTransfer({ path: { reference: transfer.reference } });
  const [told] = await arrived("callback", 1);
  await verifyWebhook<TransactionMessage>({ ...told!, secret: sender.webhookSecret });
  const { data: wallet } = await receiver.itself.viewWallet();
  expect(wallet.balance).toBe(1500);
  const entries: number[] = [];
  for await (const { amount } of sender.itself.listWalletEntries()) entries.push(amount);
  expect(entries).toEqual([1500]);
  expect(await journey.ledgerCheck()).toMatchObject({ ok: true });
});
