import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { identity, newOrderId, Shop, type Transaction } from "../../shop";
import { rows, toldOf } from "../rows";

/* Tests of the reference's mistakes behind its routes; those at the routes are in test/http. */

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
});

const statusOf = async (transaction: Transaction) => (await shop.view(transaction)).body.data.status;

/** Lists the developer's events of a payment, in order. */
async function told({ transactionId }: Transaction): Promise<string[]> {
  const [row] = await rows<{ id: string }>("select id from payments where stripe_id = ?", transactionId);
  return toldOf({ testimonyId: row?.id ?? "" });
}

describe("a refund that gives money back is answered and written down", () => {
  it("with the app of the header, and the same when it is read again", async () => {
    const transaction = await shop.paid();
    const refund = await shop.refund(transaction);
    const { app_id, refund_id, status } = refund.body.data;
    expect([refund.status, app_id, status]).toEqual([200, transaction.shopper.appId, "succeeded"]);
    expect((await shop.ask(transaction.shopper, "GET", `/refunds/${refund_id}`)).body.data).toEqual(refund.body.data);
    expect(await rows("select state from payment_refunds where id = ?", refund_id)).toEqual([{ state: "succeeded" }]);
  });
});

describe("what was answered is there", () => {
  it("of forty payments made at once, every one", async () => {
    const shopper = await shop.shopper();
    const accountId = await shop.account();
    const create = () => shop.create(shopper, { order_id: newOrderId(), account_id: accountId, amount: 1000 });
    const answers = await Promise.all(Array.from({ length: 40 }, create));
    const answered = answers.filter(({ status }) => status === 201).map(({ body }) => body.data.transaction_id);
    expect(answered).toHaveLength(40);
    const found = await rows<{ stripe_id: string }>("select stripe_id from payments");
    expect(found.map(({ stripe_id }) => stripe_id).sort()).toEqual(answered.sort());
  });
});

describe("events are news, not commands", () => {
  it("an early one that comes late and twice does not take a paid transaction back", async () => {
    await journey.events("hold");
    const transaction = await shop.started();
    await shop.confirm(transaction, { payment_method_id: "pm_card_authenticationRequired" });
    await shop.authenticate(transaction, "approve");
    await journey.advance(24 * 60 * 60); // the clock asks Stripe, and finds the payment made
    expect(await statusOf(transaction)).toBe("succeeded");
    await journey.flushEvents(2); // among them payment_intent.requires_action, long outdated
    await journey.advance(60);
    expect(await statusOf(transaction)).toBe("succeeded");
    expect((await told(transaction)).filter((type) => type === "payment.succeeded")).toHaveLength(1);
  });

  it("what one tells is written down", async () => {
    const transaction = await shop.paid({ capture_method: "manual" });
    const account = { "Stripe-Account": transaction.accountId, Authorization: "Bearer sk_test_looking" };
    await journey.call("POST", `/sandbox/stripe/v1/payment_intents/${transaction.transactionId}/cancel`, {
      headers: account,
    });
    await journey.advance(1);
    expect(await statusOf(transaction)).toBe("canceled");
  });
});

describe("refunded is said when the money is back", () => {
  it.each([
    { plan: "pending_then_succeed", events: ["refund.pending"] },
    { plan: "succeed", events: ["refund.succeeded"] },
  ])("$plan", async ({ plan, events }) => {
    await journey.control("POST", "refunds", { next: plan });
    const transaction = await shop.paid();
    await shop.refund(transaction, { amount: 400 });
    expect((await told(transaction)).filter((type) => type.startsWith("refund."))).toEqual(events);
  });
});

describe("what a payment costs the platform can be asked of the seller", () => {
  it.each([
    { agreed: undefined, taken: 0 },
    { agreed: 50, taken: 50 },
  ])("an order with a fee of $agreed takes $taken", async ({ agreed, taken }) => {
    const shopper = await shop.shopper();
    const accountId = await shop.account();
    const orderId = newOrderId();
    const fee = agreed === undefined ? {} : { application_fee_amount: agreed };
    await shop.ask(shopper, "PUT", `/orders/${orderId}`, { account_id: accountId, amount: 1000, ...fee });
    const made = await shop.create(shopper, { order_id: orderId });
    await shop.confirm({ shopper, accountId, orderId, transactionId: made.body.data.transaction_id });
    const fees = (await journey.stripe("/application_fees")).data.map((one: { amount: number }) => one.amount);
    expect(fees).toEqual(taken === 0 ? [] : [taken]);
  });
});

describe("a cancelled order cannot be paid", () => {
  it("its PaymentIntent ends with it", async () => {
    const shopper = await shop.shopper();
    const accountId = await shop.account();
    const orderId = newOrderId();
    await shop.ask(shopper, "PUT", `/orders/${orderId}`, { account_id: accountId, amount: 1000 });
    const made = await shop.create(shopper, { order_id: orderId });
    const transaction = { shopper, accountId, orderId, transactionId: made.body.data.transaction_id };
    expect((await shop.ask(shopper, "POST", `/orders/${orderId}/cancel`, {})).status).toBe(200);
    expect(await statusOf(transaction)).toBe("canceled");
    expect((await shop.confirm(transaction)).status).toBe(409);
    const { status } = await journey.stripe(`/payment_intents/${transaction.transactionId}`, accountId);
    expect(status).toBe("canceled");
  });
});

describe("only a token is a token", () => {
  it.each(["account_id", "dev_", "null", "undefined", "0"])("%s is 401", async (token) => {
    await shop.paid(); // nothing that a login or a payment leaves behind is a credential
    const answer = await journey.call("GET", "/api/v1/apps", { headers: { "X-Developer-Token": token } });
    expect(answer).toMatchObject({ status: 401, body: { detail: "Unauthorized" } });
  });
});

describe("who belongs to whom is looked up each time", () => {
  it("a shopper who was just served is a stranger to another app, and with a revoked token to all", async () => {
    const shopper = await shop.shopper();
    const ask = (headers: Record<string, string>) => journey.call("GET", "/api/v1/transactions", { headers });
    expect((await ask(identity(shopper))).status).toBe(200);
    const developer = { "X-Developer-Token": shopper.token };
    const other = await journey.must(201, "POST", "/apps", { headers: developer, body: { name: "Other" } });
    expect((await ask({ ...identity(shopper), "X-App-ID": other.body.data.id })).status).toBe(401);
    const strange = await Shop.open(journey);
    expect((await ask({ ...identity(shopper), "X-Developer-Token": strange.token })).status).toBe(401);

    const [row] = await rows<{ developer_id: string }>("select developer_id from apps where id = ?", shopper.appId);
    await journey.operator("DELETE", `/developers/${row?.developer_id}/tokens/${shopper.token.slice(0, 12)}`);
    expect((await ask(identity(shopper))).status).toBe(401);
  });
});

describe("nobody waits for somebody else's call at Stripe", () => {
  it("a list is answered while ten payments are under way", async () => {
    const shopper = await shop.shopper();
    const accountId = await shop.account();
    await journey.control("POST", "latency", { milliseconds: 300 });
    const finished: string[] = [];
    const payments = Array.from({ length: 10 }, async () => {
      await shop.create(shopper, { order_id: newOrderId(), account_id: accountId, amount: 1000 });
      finished.push("payment");
    });
    await shop.ask(shopper, "GET", "/transactions");
    finished.push("list");
    await Promise.all(payments);
    expect(finished[0]).toBe("list");
  });
});

describe("the currency and the country can be chosen", () => {
  it("and are dollars and the United States where nobody says otherwise", async () => {
    const shopper = await shop.shopper();
    const accountId = await shop.account();
    const currencyOf = async (terms: object) => {
      const transaction = await shop.started(terms, { shopper, accountId });
      return (await shop.view(transaction)).body.data.currency;
    };
    expect(await currencyOf({})).toBe("usd");
    expect(await currencyOf({ currency: "eur" })).toBe("eur");
    const country = async (body: object) => {
      const headers = { "X-Developer-Token": shop.token };
      const email = `seller-${crypto.randomUUID()}@example.com`;
      const opened = await journey.must(201, "POST", "/connected-accounts", { headers, body: { email, ...body } });
      return (await journey.stripe(`/accounts/${opened.body.data.account_id}`)).country;
    };
    expect(await country({})).toBe("US");
    expect(await country({ country: "SK" })).toBe("SK");
  });
});
