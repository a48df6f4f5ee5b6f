import { expect } from "vitest";
import { journey } from "../http/checked";
import { chargeIdOf } from "../operations/payments/stripe-side";
import { Shop, type Shopper, type Transaction } from "../shop";
import { boxUrl } from "./owner";

const daySeconds = 24 * 60 * 60;

/** Causes every kind of a developer's event, delivered to a box of the sandbox. */
export async function tellOfPayments(box: string): Promise<void> {
  const shop = await Shop.open(journey);
  const headers = { "X-Developer-Token": shop.token };
  await journey.must(201, "POST", "/webhook-endpoints", { headers, body: { url: boxUrl(box), events: ["*"] } });
  const world = { accountId: await shop.account(), shopper: await shop.shopper() };
  const started = (body = {}) => shop.started(body, world);
  const paid = (body = {}) => shop.paid(body, world);
  const confirm = (transaction: Transaction, method: string) =>
    shop.confirm(transaction, { payment_method_id: method });
  const ask = (path: string, body: object = {}) => shop.ask(world.shopper, "POST", path, body);

  expect((await confirm(await started(), "pm_card_visa_chargeDeclined")).status).toBe(402);
  await confirm(await started(), "pm_card_authenticationRequired");
  await shop.debit(await started({ currency: "eur" })); // processing, then paid
  expect((await ask(`/transactions/${(await started()).transactionId}/cancel`)).status).toBe(200);
  const manual = { capture_method: "manual" };
  expect((await ask(`/transactions/${(await paid(manual)).transactionId}/capture`)).status).toBe(200);
  await refundThatFails(shop, await paid());
  await paidTwice(shop, await started());
  await disputed(await paid());
  await customerDeleted(shop, await shop.shopper());
  await paid(manual); // nobody captures it: announced, then expired
  await journey.advance(6 * daySeconds + 60);
  await journey.advance(daySeconds + 60);
}

async function refundThatFails(shop: Shop, transaction: Transaction): Promise<void> {
  await journey.control("POST", "refunds", { next: "pending_then_fail" });
  expect((await shop.refund(transaction, { amount: 400 })).status).toBe(200);
  await journey.advance(daySeconds);
  expect((await shop.refund(transaction)).status).toBe(200);
}

/** Makes a refund fail after its order was paid again. */
async function paidTwice(shop: Shop, first: Transaction): Promise<void> {
  await shop.confirm(first, { payment_method_id: "pm_card_refundFail" });
  await shop.refund(first);
  const { orderId, accountId } = first;
  const again = await shop.create(first.shopper, { order_id: orderId, account_id: accountId, amount: 1000 });
  await shop.confirm({ ...first, transactionId: again.body.data.transaction_id });
  await journey.advance(daySeconds);
}

/** Deletes a customer as in Stripe's dashboard, with its methods. */
async function customerDeleted(shop: Shop, shopper: Shopper): Promise<void> {
  await shop.attach(shopper, { payment_method_id: "pm_card_visa" });
  const [customer] = (await journey.stripe("/customers?limit=1")).data;
  await journey.control("POST", "customers", { customer: customer.id, status: "deleted" });
  await journey.advance(1);
}

async function disputed(transaction: Transaction): Promise<void> {
  const { body } = await journey.control("POST", "disputes", { charge: await chargeIdOf(journey, transaction) });
  await journey.advance(10);
  await journey.control("POST", "disputes", { dispute: body.id, status: "lost" });
  await journey.advance(10);
}
