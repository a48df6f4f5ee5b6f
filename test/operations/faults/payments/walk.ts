import { type Answer, type Journey, newClient } from "../../../journey";
import { newOrderId, Shop, type Shopper, type Transaction } from "../../../shop";
import { settle } from "../left-open";
import { firedFaults, type PlannedFault, plan, untilDone, type Walked } from "../planned";
import { type Asked, askedOnce } from "./asked";

/** Every call of the payments surface at Stripe, as the sandbox's faults name it. */
export const calls = {
  createIntent: "POST /v1/payment_intents",
  bindCustomer: "POST /v1/payment_intents/*",
  confirmIntent: "POST /v1/payment_intents/*/confirm",
  captureIntent: "POST /v1/payment_intents/*/capture",
  cancelIntent: "POST /v1/payment_intents/*/cancel",
  createRefund: "POST /v1/refunds",
  retrieveFee: "GET /v1/application_fees/*",
  createCustomer: "POST /v1/customers",
  createMethod: "POST /v1/payment_methods",
  retrieveMethod: "GET /v1/payment_methods/*",
  attachMethod: "POST /v1/payment_methods/*/attach",
  detachMethod: "POST /v1/payment_methods/*/detach",
  createAccount: "POST /v1/accounts",
  createAccountLink: "POST /v1/account_links",
  createLoginLink: "POST /v1/accounts/*/login_links",
  retrieveBalance: "GET /v1/balance",
  deleteAccount: "DELETE /v1/accounts/*",
} as const;

/** How Stripe is asked what exists, when the outcome of a call is open. */
export const lookUps = {
  listIntents: "GET /v1/payment_intents",
  retrieveIntent: "GET /v1/payment_intents/*",
  listRefunds: "GET /v1/refunds",
  listCustomers: "GET /v1/customers",
  listAccounts: "GET /v1/accounts",
  retrieveAccount: "GET /v1/accounts/*",
} as const;

/** What a walk leaves to be judged. */
export interface Walk extends Walked {
  shop: Shop;
  /** What was asked of a payment once, and then left to the clock. */
  asked: Record<"confirm" | "confirmBound" | "capture" | "cancel" | "refund" | "release", Asked>;
  /** What clients repeat until it is done. */
  repeated: Record<"create" | "open" | "onboard" | "logIn" | "attach" | "exchange" | "detach" | "remove", Answer[]>;
  transactions: Record<
    "created" | "cloned" | "bound" | "captured" | "cancelled" | "refunded" | "released",
    Transaction
  >;
  /** Accounts at Stripe: payments are made on one, one was opened meanwhile, and one deleted. */
  accounts: { paid: string; opened: string; deleted: string };
  /** Who has stored a method. */
  shoppers: { attaching: Shopper; exchanging: Shopper; cloning: Shopper; bound: Shopper };
}

const reserved = { capture_method: "manual" };
const fee = { application_fee_amount: 50 };

/**
 * One journey through every call at Stripe with these faults planned. Where two verbs make the same call, they are broken
 * one after the other, each with its own faults; all else happens side by side, so that one wait serves it all.
 */
export async function walk(journey: Journey, faults: readonly PlannedFault[]): Promise<Walk> {
  await journey.reset();
  const shop = await Shop.open(journey);
  const [paid, deleted, shopper] = await Promise.all([shop.account(), shop.account(), shop.shopper()]);
  const world = { accountId: paid, shopper };
  await journey.events("hold"); // else Stripe's events do the clock's work

  // Undisturbed: payments that are reserved or paid, shoppers with methods.
  const [attaching, exchanging, cloning, bound] = await Promise.all([1, 2, 3, 4].map(() => shop.shopper()));
  if (!attaching || !exchanging || !cloning || !bound) throw new Error("there are four shoppers");
  const platformMethod = await stored(shop, cloning, { payment_method_id: "pm_card_visa" });
  const accountMethod = await stored(shop, bound, { payment_method_id: "pm_card_visa", account_id: paid });
  const confirmed = async (body: object) => {
    const transaction = await shop.ordered(fee, body, world);
    await must(200, shop.confirm(transaction));
    return transaction;
  };
  const [captured, cancelled, released, refunded] = await Promise.all([
    confirmed(reserved),
    confirmed(reserved),
    confirmed(reserved),
    confirmed({}),
  ]);
  const started = (who: Shopper) => shop.ordered(fee, {}, { ...world, shopper: who });
  const [cloned, withCustomer] = [await started(cloning), await started(bound)];

  // Everything that needs a call of its own.
  const first = Object.values(calls).filter((match) => match !== calls.bindCustomer && match !== calls.confirmIntent);
  await plan(journey, faults, (match) => first.includes(match as (typeof first)[number]) || isLookUp(match));
  const orderId = newOrderId();
  const order = { order_id: orderId, account_id: paid, amount: 1000 };
  const asOwner = { token: shop.token, appId: shop.appId };
  const onAccount = { account_id: paid };
  const email = newClient().email;
  const [create, open, onboard, logIn, attach, remove, capture, cancel, refund] = await Promise.all([
    untilDone(() => shop.create(shopper, order)),
    untilDone(() => shop.ask(asOwner, "POST", "/connected-accounts", { email })),
    untilDone(() => shop.ask(asOwner, "POST", "/connected-accounts/onboarding", onAccount)),
    untilDone(() => shop.ask(asOwner, "POST", "/connected-accounts/login", onAccount)),
    untilDone(() => shop.attach(attaching, { payment_method_id: "pm_card_mastercard" })),
    untilDone(() => shop.ask(asOwner, "DELETE", `/connected-accounts/${deleted}`)),
    askedOnce(shop, captured, () => shop.capture(captured, 600)),
    askedOnce(shop, cancelled, () => shop.cancel(cancelled)),
    askedOnce(shop, refunded, () => shop.refund(refunded, { amount: 400 })),
  ]);
  const left = await settle(journey);

  // What makes one of those calls for another reason: a method of the platform is cloned, a token exchanged.
  await plan(journey, faults, (match) => match === calls.createMethod || match === calls.cancelIntent);
  const [exchange, release] = await Promise.all([
    untilDone(() => shop.attach(exchanging, { type: "token", payment_method_id: "tok_amex" })),
    askedOnce(shop, released, () => shop.refund(released)),
  ]);
  left.push(...(await settle(journey)));
  const repeatable: string[] = [calls.createMethod, calls.confirmIntent];
  await plan(journey, faults, (match) => repeatable.includes(match));
  const confirm = await askedOnce(shop, cloned, () => shop.confirm(cloned, { payment_method_id: platformMethod }));
  left.push(...(await settle(journey)));
  await plan(journey, faults, (match) => match === calls.bindCustomer || match === calls.confirmIntent);
  const methodId = attach.at(-1)?.body.data.id;
  const [confirmBound, detach] = await Promise.all([
    askedOnce(shop, withCustomer, () => shop.confirm(withCustomer, { payment_method_id: accountMethod })),
    untilDone(() => shop.ask(attaching, "DELETE", `/payment-methods/${methodId}`)),
  ]);
  left.push(...(await settle(journey)));

  await journey.events("deliver");
  await journey.flushEvents();
  left.push(...(await settle(journey)));
  const created = { shopper, accountId: paid, orderId, transactionId: create.at(-1)?.body.data.transaction_id };
  return {
    shop,
    asked: { confirm, confirmBound, capture, cancel, refund, release },
    repeated: { create, open, onboard, logIn, attach, exchange, detach, remove },
    transactions: { created, cloned, bound: withCustomer, captured, cancelled, refunded, released },
    accounts: { paid, opened: open.at(-1)?.body.data.account_id, deleted },
    shoppers: { attaching, exchanging, cloning, bound },
    fired: await firedFaults(journey),
    left,
  };
}

function isLookUp(match: string): boolean {
  return Object.values(lookUps).some((one) => one === match);
}

async function stored(shop: Shop, shopper: Shopper, body: object): Promise<string> {
  return (await must(201, shop.attach(shopper, body))).body.data.payment_method_id;
}

async function must(status: number, asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status !== status)
    throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
