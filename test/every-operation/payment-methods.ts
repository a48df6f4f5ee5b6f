import { eventOf, postEvent } from "../post-event.ts";
import { identity, Shop } from "../shop.ts";
import { type Caller, type Meter, operator } from "./meter.ts";

/** Performs every operation about payment methods, and the reconciliation of connected accounts. */
export async function everyMethodOperation(meter: Meter): Promise<void> {
  const { journey } = meter;
  await journey.events("hold");
  const shop = await Shop.open(journey);
  const accountId = await shop.account();
  await journey.advance(10); // the account is ready, and nothing else is due
  const shopper = await shop.shopper();
  const by: Caller = { headers: identity(shopper) };
  const attach = (operation: string, status: number, body: object) =>
    meter.ask(operation, status, "POST", "/payment-methods", by, { type: "card", ...body });

  const visa = { payment_method_id: "pm_card_visa" };
  await attach("attach-payment-method, the first", 201, visa);
  const { data } = await attach("attach-payment-method", 201, { payment_method_id: "pm_card_amex", preferred: true });
  const token = { payment_method_id: "tok_mastercard", type: "token" };
  await attach("attach-payment-method, a token", 201, token);
  await attach("attach-payment-method, the same card", 200, { payment_method_id: "tok_visa", type: "token" });
  await attach("attach-payment-method, declined", 402, { payment_method_id: "pm_card_chargeDeclined" });
  await attach("attach-payment-method, on an account", 201, { ...visa, account_id: accountId });
  await meter.ask("list-payment-methods", 200, "GET", "/payment-methods", by);
  await meter.ask("view-payment-method", 200, "GET", `/payment-methods/${data.id}`, by);
  const [newest] = (await shop.ask(shopper, "GET", "/payment-methods")).body.data;
  const path = `/payment-methods/${newest.id}`;
  await meter.ask("prefer-payment-method", 200, "PATCH", path, by, { preferred: true });

  await journey.stripePost(`/payment_methods/${data.payment_method_id}`, { "card[exp_year]": 2041 });
  const event = await eventOf(journey, "payment_method.updated", ({ id }) => id === data.payment_method_id);
  await meter.worked("(queue) process an event about a method", () => postEvent(journey, event));
  await meter.ask("remove-payment-method", 204, "DELETE", path, by);
  await meter.ask("reconcile-accounts", 200, "GET", "/admin/reconcile/accounts", operator);
  await journey.events("deliver");
}
