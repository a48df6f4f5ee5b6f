import { type Answer, checkoutBody, type Journey } from "../journey";
import { newOrderId, Shop } from "../shop";
import { current as journey } from "./predecessor";

/** A request that makes a Stripe call. */
export interface HeldCall {
  /** The method and path of the call that is held. */
  method: string;
  path: RegExp;
  ask: (by: Journey) => Promise<Answer>;
  /** Counts the objects that Stripe has made of it in the end; undefined if it makes none. */
  made?: () => Promise<number>;
}

const counted = (path: string, account?: string) => async () => (await journey.stripe(path, account)).data.length;

/** Makes a request of a shop on an existing payment. */
async function onPayment(
  path: RegExp,
  body: object,
  ask: (shop: Shop, transaction: Awaited<ReturnType<Shop["paid"]>>) => Promise<Answer>,
  begin: "started" | "paid" = "paid",
): Promise<HeldCall> {
  const shop = await Shop.open(journey);
  const transaction = await shop[begin](body);
  return {
    method: "POST",
    path,
    ask: (by) => ask(new Shop(by, shop), transaction),
    made: counted("/charges", transaction.accountId),
  };
}

const manual = { capture_method: "manual" };
const declined = { payment_method_id: "pm_card_chargeDeclined" };

async function attachment(path: RegExp): Promise<HeldCall> {
  const shop = await Shop.open(journey);
  const shopper = await shop.shopper();
  const method = { payment_method_id: "pm_card_visa" };
  return { method: "POST", path, ask: (by) => new Shop(by, shop).attach(shopper, method), made: counted("/customers") };
}

/** Each kind of request that makes a Stripe call under the lock, with its preparation. */
export const heldCalls: Record<string, () => Promise<HeldCall>> = {
  async "a checkout"() {
    const offer = await journey.offerOnTable();
    const input = checkoutBody();
    const ask = (by: Journey) => by.startCheckout(offer, input);
    return { method: "POST", path: /\/checkout\/sessions$/, ask, made: counted("/checkout/sessions") };
  },
  async "an expert's account"() {
    const { token } = await journey.registerExpert();
    const ask = (by: Journey) => by.call("POST", "/api/v1/me/payout-account", { token, body: {} });
    return { method: "POST", path: /\/accounts$/, ask, made: counted("/accounts") };
  },
  async "a connected account"() {
    const headers = { "X-Developer-Token": (await Shop.open(journey)).token };
    const body = { email: "seller@example.com" };
    const ask = (by: Journey) => by.call("POST", "/api/v1/connected-accounts", { headers, body });
    return { method: "POST", path: /\/accounts$/, ask, made: counted("/accounts") };
  },
  async "a payment"() {
    const shop = await Shop.open(journey);
    const [shopper, accountId] = [await shop.shopper(), await shop.account()];
    const terms = { order_id: newOrderId(), account_id: accountId, amount: 1000 };
    const ask = (by: Journey) => new Shop(by, shop).create(shopper, terms);
    return { method: "POST", path: /\/payment_intents$/, ask, made: counted("/payment_intents", accountId) };
  },
  "a confirmation": () => onPayment(/\/confirm$/, {}, (shop, one) => shop.confirm(one), "started"),
  async "a confirmation that the bank declines"() {
    const { made: _, ...call } = await onPayment(
      /\/confirm$/,
      {},
      (shop, one) => shop.confirm(one, declined),
      "started",
    );
    return call; // a repeated request tries again
  },
  "a capture": () => onPayment(/\/capture$/, manual, (shop, one) => shop.capture(one, 400)),
  "a cancellation": () => onPayment(/\/cancel$/, manual, (shop, one) => shop.cancel(one)),
  "a release": () => onPayment(/\/cancel$/, manual, (shop, one) => shop.refund(one)),
  "a customer": () => attachment(/\/customers$/),
  "a payment method": () => attachment(/\/attach$/),
};
