import { type Answer, type Journey, newClient } from "../../../journey";
import { newOrderId, type Transaction } from "../../../shop";
import { settle } from "../left-open";
import { firedFaults, type PlannedFault, plan, untilDone, type Walked } from "../planned";
import { type Asked, askedOnce } from "./asked";
import { type Fixtures, setUpFixtures } from "./fixtures";

/** Every Stripe call of the payments contract, under the names of the sandbox's faults. */
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

/** The requests that look up whether a call with an unknown outcome was made. */
export const lookUps = {
  listIntents: "GET /v1/payment_intents",
  retrieveIntent: "GET /v1/payment_intents/*",
  listRefunds: "GET /v1/refunds",
  listCustomers: "GET /v1/customers",
  listAccounts: "GET /v1/accounts",
  retrieveAccount: "GET /v1/accounts/*",
} as const;

/** The results of a walk. */
export interface Walk extends Walked {
  fixtures: Fixtures;
  /** Requests on a payment that were made once, and then left to the clock. */
  asked: Record<keyof ReturnType<typeof verbsOf>, Asked>;
  /** Requests that clients repeat until they succeed. */
  repeated: Record<"create" | "open" | "onboard" | "logIn" | "attach" | "exchange" | "detach" | "remove", Answer[]>;
  /** The payment and the account that were made on the way. */
  made: { transaction: Transaction; accountId: string };
}

/** Returns the requests on the payments of the fixtures. */
export function verbsOf({ shop, transactions, methods }: Fixtures) {
  const { cloned, bound, captured, cancelled, refunded, released } = transactions;
  return {
    clone: () => askedOnce(shop, cloned, () => shop.confirm(cloned, { payment_method_id: methods.platform })),
    bind: () => askedOnce(shop, bound, () => shop.confirm(bound, { payment_method_id: methods.account })),
    capture: () => askedOnce(shop, captured, () => shop.capture(captured, 600)),
    cancel: () => askedOnce(shop, cancelled, () => shop.cancel(cancelled)),
    refund: () => askedOnce(shop, refunded, () => shop.refund(refunded, { amount: 400 })),
    release: () => askedOnce(shop, released, () => shop.refund(released)),
  };
}

/** Returns the other requests: a new payment, accounts and their pages, methods. */
export function requestsOf({ shop, accounts, shoppers }: Fixtures) {
  const orderId = newOrderId();
  const owner = { token: shop.token, appId: shop.appId };
  const onAccount = { account_id: accounts.paid };
  const { email } = newClient();
  return {
    orderId,
    create: () => shop.create(shoppers.plain, { order_id: orderId, amount: 1000, ...onAccount }),
    open: () => shop.ask(owner, "POST", "/connected-accounts", { email }),
    onboard: () => shop.ask(owner, "POST", "/connected-accounts/onboarding", onAccount),
    logIn: () => shop.ask(owner, "POST", "/connected-accounts/login", onAccount),
    remove: () => shop.ask(owner, "DELETE", `/connected-accounts/${accounts.deleted}`),
    attach: () => shop.attach(shoppers.attaching, { payment_method_id: "pm_card_mastercard" }),
    exchange: () => shop.attach(shoppers.exchanging, { type: "token", payment_method_id: "tok_amex" }),
    detach: (methodId: string) => shop.ask(shoppers.attaching, "DELETE", `/payment-methods/${methodId}`),
  };
}

/**
 * Walks through every Stripe call with these faults planned. If two requests make the same call, they fail one after
 * the other, each with its own faults; all others run at the same time, so that one wait serves them all.
 */
export async function walk(journey: Journey, faults: readonly PlannedFault[]): Promise<Walk> {
  const fixtures = await setUpFixtures(journey);
  const verbs = verbsOf(fixtures);
  const requests = requestsOf(fixtures);
  const left: string[] = [];
  const breakThese = (...matches: readonly string[]) => plan(journey, faults, (match) => matches.includes(match));
  const wait = async () => left.push(...(await settle(journey)));

  const { bindCustomer, confirmIntent, ...first } = calls;
  await breakThese(...Object.values(first), ...Object.values(lookUps));
  const [create, open, onboard, logIn, attach, remove, capture, cancel, refund] = await Promise.all([
    untilDone(requests.create),
    untilDone(requests.open),
    untilDone(requests.onboard),
    untilDone(requests.logIn),
    untilDone(requests.attach),
    untilDone(requests.remove),
    verbs.capture(),
    verbs.cancel(),
    verbs.refund(),
  ]);
  await wait();
  await breakThese(calls.createMethod, calls.cancelIntent);
  const [exchange, release] = await Promise.all([untilDone(requests.exchange), verbs.release()]);
  await wait();
  await breakThese(calls.createMethod, confirmIntent);
  const clone = await verbs.clone();
  await wait();
  await breakThese(bindCustomer, confirmIntent);
  const methodId = attach.at(-1)?.body.data.id;
  const [bind, detach] = await Promise.all([verbs.bind(), untilDone(() => requests.detach(methodId))]);
  await wait();
  await journey.events("deliver");
  await journey.flushEvents();
  await wait();

  const { shoppers, accounts } = fixtures;
  const transactionId = create.at(-1)?.body.data.transaction_id;
  return {
    fixtures,
    asked: { clone, bind, capture, cancel, refund, release },
    repeated: { create, open, onboard, logIn, attach, exchange, detach, remove },
    made: {
      transaction: { shopper: shoppers.plain, accountId: accounts.paid, orderId: requests.orderId, transactionId },
      accountId: open.at(-1)?.body.data.account_id,
    },
    fired: await firedFaults(journey),
    left,
  };
}
