import { exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper } from "../../shop";
import { quickly } from "../faults/quickly";
import { expectKeysInOrder } from "../faults/stripe-keys";
import { rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let shopper: Shopper;

beforeAll(quickly);
beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
  shopper = await shop.shopper();
});

interface Method {
  id: string;
  payment_method_id: string;
  preferred: boolean;
  last4: string;
  exp_year: number;
}

const visa = { payment_method_id: "pm_card_visa" };
const visaToken = { payment_method_id: "tok_visa", type: "token" };
const brands = ["visa", "mastercard", "amex", "discover", "visa_debit"];

async function listed(who = shopper): Promise<Method[]> {
  return (await shop.ask(who, "GET", "/payment-methods")).body.data;
}

async function stored(body: object = visa, who = shopper): Promise<Method> {
  const answer = await shop.attach(who, body);
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data;
}

/**
 * Reads the shopper's objects at Stripe, on the platform or on an account: each customer, with the methods attached to
 * it.
 */
async function atStripe(account?: string, { userId } = shopper): Promise<string[][]> {
  const headers = { Authorization: "Bearer sk_test_looking", ...(account ? { "Stripe-Account": account } : {}) };
  const look = async (path: string) =>
    (await journey.call("GET", `/sandbox/stripe/v1${path}`, { headers })).body.data as {
      id: string;
      metadata: { user_id?: string };
    }[];
  const own = (await look("/customers?limit=100")).filter(({ metadata }) => metadata.user_id === userId);
  return Promise.all(
    own.map(async ({ id }) => (await look(`/customers/${id}/payment_methods`)).map((method) => method.id)),
  );
}

function openCalls(): Promise<unknown[]> {
  return rows("select kind, failure from stripe_effects where state = 'open'");
}

const calls = {
  look: "GET /v1/payment_methods/*",
  customer: "POST /v1/customers",
  token: "POST /v1/payment_methods",
  attach: "POST /v1/payment_methods/*/attach",
  detach: "POST /v1/payment_methods/*/detach",
};

const kinds = ["timeout_before", "500", "500_stored", "429", "reset", "timeout_after", "500_after", "truncated"];

async function breakCalls(kind: string, times: number): Promise<void> {
  for (const match of Object.values(calls)) await journey.fault(match, kind, times);
}

/** Moves the clock until the sweep has settled everything. */
async function settle(): Promise<void> {
  for (const seconds of [6, 16, 61, 301, 901, 3601]) {
    await journey.advance(seconds);
    if ((await openCalls()).length === 0) return;
  }
}

describe.each(kinds)("%s on every call", (kind) => {
  it("stores one method and removes one, whoever asks again", async () => {
    await breakCalls(kind, 1);
    const bodies = [visa, { payment_method_id: "tok_mastercard", type: "token" }];
    for (const body of bodies) {
      const statuses: number[] = [];
      while ((statuses.at(-1) ?? 503) === 503) statuses.push((await shop.attach(shopper, body)).status);
      expect(statuses.length).toBeLessThan(6);
      expect([200, 201]).toContain(statuses.at(-1));
    }
    const [second, first] = await listed();
    expect((await shop.ask(shopper, "DELETE", `/payment-methods/${first?.id}`)).status).toBe(204);
    await settle();
    expect(await openCalls()).toEqual([]);
    expect(await listed()).toEqual([expect.objectContaining({ id: second?.id, preferred: true })]);
    expect(await atStripe()).toEqual([[second?.payment_method_id]]);
    const { faults } = (await journey.control("GET", "faults")).body;
    expect(faults.filter(({ fired }: { fired: number }) => fired === 0)).toEqual([]);
    await expectKeysInOrder(journey);
  });

  it("is finished by the sweep, when nobody asks again", async () => {
    for (const match of [calls.customer, calls.attach]) await journey.fault(match, kind, 2);
    const answer = await shop.attach(shopper, { ...visa, preferred: true });
    expect([201, 503]).toContain(answer.status);
    await settle();
    expect(await openCalls()).toEqual([]);
    const methods = await listed();
    expect(methods).toMatchObject([{ last4: "4242", preferred: true }]);
    expect(await atStripe()).toEqual([[methods[0]?.payment_method_id]]);
    await expectKeysInOrder(journey);
  });
});

describe.each(["500", "500_after"])("%s for longer than Stripe keeps a key", (kind) => {
  it("ends with one of each", async () => {
    const kept = await stored({ payment_method_id: "tok_amex", type: "token" });
    for (const match of [calls.attach, calls.detach, calls.token]) await journey.fault(match, kind, 1_000_000);
    expect((await shop.attach(shopper, visa)).status).toBe(503);
    expect((await shop.attach(shopper, { payment_method_id: "tok_mastercard", type: "token" })).status).toBe(503);
    expect((await shop.ask(shopper, "DELETE", `/payment-methods/${kept.id}`)).status).toBe(204);
    await journey.advance(60);
    await journey.advance(25 * 60 * 60);
    // Work that was done was found, except a used token, which nothing can find.
    expect(await openCalls()).toHaveLength(kind === "500" ? 3 : 1);
    await journey.control("DELETE", "faults");
    await settle();
    expect(await openCalls()).toEqual([]);
    const methods = await listed();
    expect(methods.map(({ last4 }) => last4).sort()).toEqual(["4242", "4444"]);
    expect(methods.filter(({ preferred }) => preferred)).toHaveLength(1);
    expect((await atStripe())[0]?.sort()).toEqual(methods.map(({ payment_method_id: id }) => id).sort());
    await expectKeysInOrder(journey);
  });
});

it("makes one customer, even when Stripe's answer was lost for longer than it keeps the key", async () => {
  await journey.fault(calls.customer, "500_after", 3);
  expect((await shop.attach(shopper, visa)).status).toBe(503);
  // Another card waits until it is known whether there is a customer.
  expect((await shop.attach(shopper, { payment_method_id: "pm_card_amex" })).status).toBe(503);
  await journey.advance(25 * 60 * 60);
  await settle();
  expect((await atStripe()).length).toBe(1);
  expect(await listed()).toMatchObject([{ last4: "4242" }]);
});

describe("one of them is preferred", () => {
  it("whatever comes at once", async () => {
    const added = await Promise.all(
      brands.map((brand) => shop.attach(shopper, { payment_method_id: `pm_card_${brand}`, preferred: true })),
    );
    expect(added.filter(({ status }) => status === 201).length).toBe(5);
    const methods = await listed();
    expect(methods.filter(({ preferred }) => preferred)).toHaveLength(1);
    for (const _ of [1, 2, 3]) {
      const answers = await Promise.all(
        methods.map(({ id }) => shop.ask(shopper, "PATCH", `/payment-methods/${id}`, { preferred: true })),
      );
      expect(answers.map(({ status, body }) => [status, body.data.preferred])).toEqual(Array(5).fill([200, true]));
      expect((await listed()).filter(({ preferred }) => preferred)).toHaveLength(1);
    }
    expect(await rows("select id from payment_methods where preferred = 1")).toHaveLength(1);
  });

  it("the first by itself, then the one that is asked for, then the newest of those that stay", async () => {
    const first = await stored();
    expect(first.preferred).toBe(true);
    const second = await stored({ payment_method_id: "pm_card_mastercard" });
    expect(second.preferred).toBe(false);
    const third = await stored({ payment_method_id: "pm_card_amex", preferred: true });
    expect((await listed()).map(({ id, preferred }) => [id, preferred])).toEqual([
      [third.id, true],
      [second.id, false],
      [first.id, false],
    ]);
    for (const [gone, next] of [
      [third, second],
      [first, second],
    ] as const) {
      expect((await shop.ask(shopper, "DELETE", `/payment-methods/${gone.id}`)).status).toBe(204);
      expect((await listed()).filter(({ preferred }) => preferred)).toEqual([expect.objectContaining({ id: next.id })]);
    }
    expect((await shop.ask(shopper, "DELETE", `/payment-methods/${second.id}`)).status).toBe(204);
    expect(await listed()).toEqual([]);
    expect((await stored({ payment_method_id: "pm_card_discover" })).preferred).toBe(true);
  });
});

describe("the same card", () => {
  it("is one method, however it is given, and by however many at once", async () => {
    const method = await stored();
    const again = await Promise.all([visa, visaToken, visaToken, visa].map((body) => shop.attach(shopper, body)));
    expect(again.map(({ status, body }) => [status, body.data.id])).toEqual(Array(4).fill([200, method.id]));
    expect(await listed()).toEqual([method]);
    expect(await atStripe()).toEqual([[method.payment_method_id]]);
  });

  it("becomes preferred when it is asked for so", async () => {
    await stored({ payment_method_id: "pm_card_amex" });
    const method = await stored();
    expect(method.preferred).toBe(false);
    expect(await stored({ ...visaToken, preferred: true })).toMatchObject({ id: method.id, preferred: true });
    expect((await listed()).filter(({ preferred }) => preferred)).toMatchObject([{ id: method.id }]);
  });

  it("is one method when two are under way whose answers were lost", async () => {
    await stored({ payment_method_id: "pm_card_amex" });
    const { id } = await newMethod();
    await journey.fault(calls.attach, "timeout_after", 4);
    expect((await shop.attach(shopper, visa)).status).toBe(503);
    expect((await shop.attach(shopper, { payment_method_id: id })).status).toBe(503);
    await settle();
    await settle();
    const methods = await listed();
    expect(methods.map(({ last4 }) => last4)).toEqual(["4242", "0005"]);
    expect((await atStripe())[0]?.sort()).toEqual(methods.map((one) => one.payment_method_id).sort());
    expect(await rows("select id from payment_methods where state = 'active' and last4 = '4242'")).toHaveLength(1);
  });

  it.each(["pm", "tok"])("takes the new expiry when it was renewed (%s)", async (how) => {
    const method = await stored();
    await journey.stripePost(`/payment_methods/${method.payment_method_id}`, {
      "card[exp_month]": 3,
      "card[exp_year]": 2027,
    });
    await journey.advance(5);
    expect(await listed()).toMatchObject([{ id: method.id, exp_month: 3, exp_year: 2027 }]);
    const given = how === "tok" ? visaToken : { payment_method_id: (await newMethod()).id };
    const answer = await shop.attach(shopper, given);
    expect(answer.status).toBe(200);
    await journey.advance(5);
    const [renewed, ...others] = await listed();
    expect(others).toEqual([]);
    expect(renewed).toMatchObject({ id: method.id, preferred: true, exp_month: 12, exp_year: 2034 });
    expect(answer.body.data).toEqual(renewed);
    expect(await atStripe()).toEqual([[renewed?.payment_method_id]]);
    expect(renewed?.payment_method_id).not.toBe(method.payment_method_id);
    expect(await openCalls()).toEqual([]);
  });

  it("is another method on another account, and for another shopper", async () => {
    const account = await shop.account();
    const onPlatform = await stored();
    const onAccount = await stored({ ...visa, account_id: account });
    expect(onAccount).toMatchObject({ account_id: account, preferred: false });
    expect(await atStripe()).toEqual([[onPlatform.payment_method_id]]);
    expect(await atStripe(account)).toEqual([[onAccount.payment_method_id]]);
    const other = await shop.shopper();
    expect((await stored(visa, other)).preferred).toBe(true);
    expect(await listed()).toHaveLength(2);
  });
});

/** Makes a method at Stripe without a customer. */
async function newMethod(token = "tok_visa"): Promise<{ id: string }> {
  return journey.stripePost("/payment_methods", { type: "card", "card[token]": token });
}

describe("what Stripe will not have", () => {
  it.each([
    ["unknown to it", "pm_nobody", 422, "method_refused", "No such PaymentMethod"],
    ["declined when it is stored", "pm_card_chargeDeclined", 402, "card_declined", "Your card was declined."],
    ["no card", "pm_success_at", 422, "method_refused", "not a card"],
  ])("a method that is %s", async (_, id, status, code, words) => {
    await stored({ payment_method_id: "pm_card_amex" });
    const key = { "Idempotency-Key": "attach-1" };
    const answer = await shop.attach(shopper, { payment_method_id: id }, key);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).toContain(words);
    const again = await shop.attach(shopper, { payment_method_id: id }, key);
    expect([again.status, again.headers.get("Idempotent-Replayed")]).toEqual([status, status === 402 ? "true" : null]);
    expect(await listed()).toHaveLength(1);
    expect(await openCalls()).toEqual([]);
  });

  it("a token that it does not know", async () => {
    const answer = await shop.attach(shopper, { payment_method_id: "tok_nobody", type: "token" });
    expect([answer.status, answer.body.code]).toEqual([422, "method_refused"]);
    expect(await listed()).toEqual([]);
    expect((await stored()).preferred).toBe(true);
  });

  it("a method of another customer's", async () => {
    const { id: customer } = await journey.stripePost("/customers");
    const { id } = await newMethod();
    await journey.stripePost(`/payment_methods/${id}/attach`, { customer });
    const answer = await shop.attach(shopper, { payment_method_id: id });
    expect([answer.status, answer.body.code]).toEqual([422, "method_refused"]);
    expect(JSON.stringify(answer.body)).not.toContain(customer);
    expect(await rows("select 1 from payment_methods")).toEqual([]);
  });

  it("one that was removed", async () => {
    const method = await stored();
    await shop.ask(shopper, "DELETE", `/payment-methods/${method.id}`);
    const answer = await shop.attach(shopper, { payment_method_id: method.payment_method_id });
    expect([answer.status, answer.body.code]).toEqual([422, "method_refused"]);
    expect(JSON.stringify(answer.body)).toContain("may not be used again");
  });

  it("one that is being removed", async () => {
    const method = await stored();
    await journey.fault(calls.detach, "timeout_before", 2);
    await shop.ask(shopper, "DELETE", `/payment-methods/${method.id}`);
    const answer = await shop.attach(shopper, { payment_method_id: method.payment_method_id });
    expect([answer.status, answer.body.code]).toEqual([422, "method_refused"]);
    expect((await stored(visaToken)).id).not.toBe(method.id);
    await settle();
    expect(await listed()).toHaveLength(1);
    expect((await atStripe())[0]).toHaveLength(1);
  });

  it("the platform's on an account", async () => {
    const account = await shop.account();
    const method = await stored();
    const answer = await shop.attach(shopper, { payment_method_id: method.payment_method_id, account_id: account });
    expect([answer.status, answer.body.code]).toEqual([422, "method_refused"]);
    expect(JSON.stringify(answer.body)).toContain("platform-owned payment method");
  });
});

it("does not know another shopper's method", async () => {
  const method = await stored();
  const other = await shop.shopper();
  const answer = await shop.attach(other, { payment_method_id: method.payment_method_id });
  expect([answer.status, answer.body.code]).toEqual([404, "method_unknown"]);
  expect(await listed(other)).toEqual([]);
});

it("stores what was attached to the shopper's customer out-of-band", async () => {
  await stored({ payment_method_id: "pm_card_amex" });
  const [customer] = await rows<{ stripe_id: string }>("select stripe_id from customers");
  const { id } = await newMethod();
  await journey.stripePost(`/payment_methods/${id}/attach`, { customer: customer?.stripe_id ?? "" });
  const answer = await shop.attach(shopper, { payment_method_id: id });
  expect([answer.status, answer.body.data.payment_method_id]).toEqual([201, id]);
  expect((await atStripe())[0]).toHaveLength(2);
});

describe("a change of a payment method at Stripe", () => {
  it.each(["deliver", "duplicate"] as const)("a method that was detached out-of-band is gone (%s)", async (mode) => {
    await journey.events(mode);
    const first = await stored();
    const second = await stored({ payment_method_id: "pm_card_amex", preferred: true });
    await journey.stripePost(`/payment_methods/${second.payment_method_id}/detach`);
    await journey.advance(5);
    expect(await listed()).toMatchObject([{ id: first.id, preferred: true }]);
  });

  it("is found without events", async () => {
    await journey.events("drop");
    const method = await stored();
    await journey.advance(5);
    await journey.stripePost(`/payment_methods/${method.payment_method_id}/detach`);
    await journey.advance(60);
    expect(await listed()).toHaveLength(1);
    await journey.advance(600);
    expect(await listed()).toEqual([]);
  });

  it("on an account, too", async () => {
    const account = await shop.account();
    const method = await stored({ ...visa, account_id: account });
    const headers = { Authorization: "Bearer sk_test_another", "Stripe-Account": account };
    const path = `/sandbox/stripe/v1/payment_methods/${method.payment_method_id}`;
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    await exports.default.fetch(
      new Request(`http://localhost:8787${path}`, {
        method: "POST",
        body: "card[exp_year]=2041",
        headers: { ...headers, ...form },
      }),
    );
    await journey.advance(5);
    expect(await listed()).toMatchObject([{ id: method.id, exp_year: 2041 }]);
  });

  it("is ignored for a method that we do not have", async () => {
    const { id } = await newMethod();
    await journey.stripePost(`/payment_methods/${id}`, { "metadata[a]": "b" });
    await journey.advance(5);
    expect(await rows("select state from stripe_events where type like 'payment_method.%'")).toEqual([
      { state: "processed" },
    ]);
  });
});
