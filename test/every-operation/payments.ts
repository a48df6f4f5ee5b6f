import { eventOf, postEvent } from "../post-event.ts";
import { identity, newOrderId, Shop, type Transaction } from "../shop.ts";
import { type Caller, type Meter, operator } from "./meter.ts";

/** Performs every operation about orders, transactions and refunds. */
export async function everyPaymentOperation(meter: Meter): Promise<void> {
  const { journey } = meter;
  await journey.events("hold");
  const shop = await Shop.open(journey);
  const shopper = await shop.shopper();
  const accountId = await shop.account();
  await journey.advance(10); // the account is ready, and nothing else is due
  const by: Caller = { headers: identity(shopper) };

  const transaction = await payForAnOrder(meter, by, { shopper, accountId });
  await meter.ask("view-payment", 200, "GET", `/transactions/${transaction.transactionId}`, by);
  await meter.ask("explain-payment", 200, "GET", `/transactions/${transaction.transactionId}/explanation`, by);
  await meter.ask("list-payments", 200, "GET", "/transactions", by);
  await meter.ask("list-payments, after a cursor", 200, "GET", "/transactions?limit=20", by);
  await meter.ask("list-payments, of a status", 200, "GET", "/transactions?limit=20&status=canceled", by);
  await giveItBack(meter, by, transaction);
  await captureLater(meter, by, shop, transaction);
  await endUnpaid(meter, by, shop, transaction);
  await meter.ask(
    "view-payment-timeline",
    200,
    "GET",
    `/admin/payments/${transaction.transactionId}/timeline`,
    operator,
  );
  await journey.events("deliver");
}

async function payForAnOrder(
  meter: Meter,
  by: Caller,
  { shopper, accountId }: Pick<Transaction, "shopper" | "accountId">,
): Promise<Transaction> {
  const { journey } = meter;
  const orderId = newOrderId();
  const terms = { account_id: accountId, amount: 1000, application_fee_amount: 50 };
  await meter.ask("put-order", 201, "PUT", `/orders/${orderId}`, by, terms);
  await meter.ask("put-order, changed", 200, "PUT", `/orders/${orderId}`, by, { ...terms, amount: 1200 });
  await meter.ask("view-order", 200, "GET", `/orders/${orderId}`, by);
  const order = { order_id: orderId };
  const { transaction_id } = (await meter.ask("create-payment", 201, "POST", "/transactions", by, order)).data;
  await meter.ask("create-payment, the same again", 200, "POST", "/transactions", by, order);
  const confirm = { transaction_id, account_id: accountId, payment_method_id: "pm_card_visa_chargeDeclined" };
  await meter.ask("confirm-payment, declined", 402, "POST", "/transactions/confirm", by, confirm);
  const good = { ...confirm, payment_method_id: "pm_card_visa" };
  await meter.ask("confirm-payment", 200, "POST", "/transactions/confirm", by, good);
  const event = await eventOf(journey, "payment_intent.succeeded", ({ id }) => id === transaction_id, accountId);
  await meter.worked("(queue) process an event of an account", () => postEvent(journey, event));
  return { shopper, accountId, orderId, transactionId: transaction_id };
}

async function giveItBack(meter: Meter, by: Caller, { orderId, accountId }: Transaction): Promise<void> {
  const refund = { order_id: orderId, account_id: accountId };
  await meter.ask("refund-payment, a part", 200, "POST", "/refunds", by, { ...refund, amount: 400 });
  const { data } = await meter.ask("refund-payment, the rest", 200, "POST", "/refunds", by, refund);
  await meter.ask("explain-payment-refund", 200, "GET", `/refunds/${data.refund_id}/explanation`, by);
  await meter.ask("view-payment-refund", 200, "GET", `/refunds/${data.refund_id}`, by);
  await meter.ask("list-payment-refunds", 200, "GET", "/refunds?status=succeeded", by);
  await meter.ask("list-payment-disputes", 200, "GET", "/disputes?status=open", by);
  await meter.ask("view-payment-dispute, of none", 404, "GET", "/disputes/du_none", by);
}

async function captureLater(meter: Meter, by: Caller, shop: Shop, world: Transaction): Promise<void> {
  const authorized = await shop.paid({ capture_method: "manual" }, world);
  const capture = `/transactions/${authorized.transactionId}/capture`;
  await meter.ask("capture-payment", 200, "POST", capture, by, { amount_to_capture: 600 });
  const released = await shop.paid({ capture_method: "manual" }, world);
  const refund = { order_id: released.orderId, account_id: released.accountId };
  await meter.ask("refund-payment, not captured yet", 200, "POST", "/refunds", by, refund);
}

async function endUnpaid(meter: Meter, by: Caller, shop: Shop, { shopper, accountId }: Transaction): Promise<void> {
  const started = await shop.started({}, { shopper, accountId });
  await meter.ask("cancel-payment", 200, "POST", `/transactions/${started.transactionId}/cancel`, by, {});
  const orderId = newOrderId();
  await meter.ask("put-order, another", 201, "PUT", `/orders/${orderId}`, by, { account_id: accountId, amount: 1000 });
  const create = await shop.create(shopper, { order_id: orderId });
  if (create.status !== 201) throw new Error("not created");
  await meter.ask("cancel-order, with its transaction", 200, "POST", `/orders/${orderId}/cancel`, by, {});
}
