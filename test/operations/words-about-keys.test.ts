import { exports } from "cloudflare:workers";
import Stripe from "stripe";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, Journey } from "../journey";
import { newOrderId, Shop } from "../shop";
import { quickly } from "./faults/quickly";
import { rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;

beforeAll(quickly);
beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
});

/** Stripe's sentences about keys; the emulator itself has no key that could be wrong. */
const sentences: [status: number, error: { message: string; code?: string; param?: string }][] = [
  [400, { message: "This API call cannot be made with a publishable API key. Please use a secret API key." }],
  [401, { message: "Invalid API Key provided: sk_live_***1234" }],
  [401, { message: "Expired API Key provided: rk_live_***1234", code: "api_key_expired" }],
  [
    403,
    {
      message:
        "The provided key 'rk_live_***1234' does not have the required permissions for this endpoint on account 'acct_1'. " +
        "Having the 'rak_payment_intent_write' permission would allow this request to continue.",
    },
  ],
  [
    403,
    {
      message:
        "The provided key 'sk_live_***1234' does not have access to account 'acct_1' (or that account does not exist). " +
        "Application access may have been revoked.",
      code: "account_invalid",
    },
  ],
  [
    404,
    {
      message:
        "No such PaymentMethod: 'pm_1'; a similar object exists in live mode, but a test mode key was used to make this request.",
      code: "resource_missing",
      param: "payment_method",
    },
  ],
  [
    404,
    {
      message:
        "No such customer: 'cus_1'; a similar object exists in test mode, but a live mode key was used to make this request.",
      code: "resource_missing",
      param: "customer",
    },
  ],
];

const aboutKeys = /[rs]k_(live|test)|rak_|\bkey\b|permission/i;

let overheard: { mockRestore: () => void } | undefined;
afterEach(() => overheard?.mockRestore());

/** Makes Stripe answer everything with this error. */
function stripeSays(status: number, error: object): void {
  const open = Stripe.createFetchHttpClient;
  const body = { error: { type: "invalid_request_error", ...error } };
  overheard = vi
    .spyOn(Stripe, "createFetchHttpClient")
    .mockImplementation(() => open(async () => Response.json(body, { status, headers: { "Request-Id": "req_1" } })));
}

describe.each(sentences)("what Stripe says of a key with %i %j", (status, error) => {
  it("reaches no caller and no webhook", async () => {
    const seller = { token: shop.token, appId: shop.appId };
    const expert = await journey.registerExpert();
    const accountId = await shop.account();
    const shopper = await shop.shopper();
    const started = await shop.started({}, { shopper, accountId });
    const paid = await shop.paid({}, { shopper, accountId });
    const [reserved, other] = [
      await shop.paid({ capture_method: "manual" }, { shopper, accountId }),
      await shop.paid({ capture_method: "manual" }, { shopper, accountId }),
    ];
    const { body: stored } = await shop.attach(shopper, { payment_method_id: "pm_card_visa" });
    const empty = await shop.account();
    await journey.advance(0);

    stripeSays(status, error);
    const terms = { order_id: newOrderId(), account_id: accountId, amount: 700 };
    const answers: Answer[] = [
      await shop.create(shopper, terms),
      await shop.confirm(started),
      await shop.confirm(started, { payment_method_id: stored.data.id }),
      await shop.capture(reserved),
      await shop.cancel(other),
      await shop.refund(paid),
      await shop.attach(shopper, { payment_method_id: "pm_card_mastercard" }),
      await shop.attach(await shop.shopper(), { payment_method_id: "tok_visa", type: "token" }),
      await shop.ask(seller, "POST", "/connected-accounts", { email: "seller@example.com" }),
      await shop.ask(seller, "POST", "/connected-accounts/login", { account_id: accountId }),
      await shop.ask(seller, "POST", "/connected-accounts/onboarding", { account_id: accountId }),
      await shop.ask(seller, "DELETE", `/connected-accounts/${empty}`),
      await journey.call("POST", "/api/v1/me/payout-account", { token: expert.token, body: {} }),
    ];
    expect(answers.filter(({ status: answered }) => answered < 400).map(({ body }) => body)).toEqual(
      error.code === "account_invalid" ? [""] : [], // an account that is gone is deleted
    );
    const words = answers.map(({ body }) => JSON.stringify(body));
    expect(words.filter((one) => aboutKeys.test(one))).toEqual([]);
    const told = await rows<{ data: string }>("select data from outbox");
    expect(told.filter(({ data }) => aboutKeys.test(data))).toEqual([]);
  });
});
