import { exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, Journey } from "../../journey";
import { Shop, type Shopper, verdict } from "../../shop";
import { quickly } from "../faults/quickly";
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
}

async function stored(given: string, more: object = {}): Promise<Method> {
  const answer = await shop.attach(shopper, { payment_method_id: given, ...more });
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data;
}

async function listed(): Promise<string[]> {
  const { body } = await shop.ask(shopper, "GET", "/payment-methods");
  return body.data.map(({ id }: Method) => id);
}

async function customerOn(account = ""): Promise<string> {
  const [row] = await rows<{ stripe_id: string }>(
    "select stripe_id from customers where user_id = ? and stripe_account_id = ?",
    shopper.userId,
    account,
  );
  return row?.stripe_id ?? "";
}

async function deleteCustomer(account = ""): Promise<string> {
  const customer = await customerOn(account);
  await journey.control("POST", "customers", { customer, status: "deleted" });
  return customer;
}

async function told(): Promise<object[]> {
  const found = await rows<{ data: string }>(
    "select data from outbox where type = 'payment_method.gone' order by sequence",
  );
  return found.map(({ data }) => JSON.parse(data));
}

function standing() {
  return rows<{ kind: string; about_id: string }>(
    "select kind, about_id from attention where aggregate_id = ? and cleared_at is null",
    shopper.userId,
  );
}

async function started(accountId: string) {
  return shop.started({}, { shopper, accountId });
}

/** Expects the refusal for a method that is gone. */
function expectGone({ status, body }: Answer): void {
  expect([status, body.code]).toEqual([409, "method_gone"]);
}

describe("a customer that was deleted", () => {
  it("removes its methods, with an event for each, and asks for the operator's attention", async () => {
    const visa = await stored("pm_card_visa");
    const mastercard = await stored("pm_card_mastercard");
    const customer = await deleteCustomer();
    await journey.advance(0);
    expect(await listed()).toEqual([]);
    expect(await told()).toMatchObject([
      { paymentMethodId: visa.id, userId: shopper.userId, accountId: null, reason: "customer_deleted" },
      { paymentMethodId: mastercard.id, reason: "customer_deleted" },
    ]);
    expect(await standing()).toEqual([{ kind: "customer_gone", about_id: customer }]);
    expect(await customerOn()).toBe("");
    const again = await stored("pm_card_visa");
    expect(again.preferred).toBe(true);
    expect(await customerOn()).toMatch(/^cus_/);
    expect(await standing()).toEqual([]);
    expect((await shop.ask(shopper, "DELETE", `/payment-methods/${visa.id}`)).status).toBe(204);
  });

  it("is noticed by the next method, which goes to another one, with all events lost", async () => {
    await journey.events("drop");
    const old = await stored("pm_card_visa");
    const customer = await deleteCustomer();
    const fresh = await stored("pm_card_mastercard");
    expect(await customerOn()).not.toBe(customer);
    expect(await listed()).toEqual([fresh.id]);
    expect(fresh.preferred).toBe(true);
    expect(await told()).toMatchObject([{ paymentMethodId: old.id }]);
    const attached = await journey.stripe(`/customers/${await customerOn()}/payment_methods`);
    expect(attached.data).toMatchObject([{ id: fresh.payment_method_id }]);
  });

  it("is replaced once, although the answer to the other one's making was lost", async () => {
    await journey.events("drop");
    await stored("pm_card_visa");
    await deleteCustomer();
    await journey.fault("POST /v1/customers", "500_after", 2);
    expect((await shop.attach(shopper, { payment_method_id: "pm_card_mastercard" })).status).toBe(503);
    await journey.advance(60);
    expect(await listed()).toHaveLength(1);
    const { data } = await journey.stripe("/customers?limit=100");
    expect(data).toMatchObject([{ id: await customerOn() }]);
  });

  it("is noticed by the payment that uses it: on the platform, and on an account", async () => {
    await journey.events("drop");
    const accountId = await shop.account();
    const cloned = await stored("pm_card_visa");
    const own = await stored("pm_card_mastercard", { account_id: accountId });
    const transaction = await started(accountId);
    await deleteCustomer();
    expectGone(await shop.confirm(transaction, { payment_method_id: cloned.id }));
    await expect.poll(listed).toEqual([own.id]);
    await deleteCustomer(accountId);
    expectGone(await shop.confirm(transaction, { payment_method_id: own.id }));
    await expect.poll(listed).toEqual([]);
    expect(await told()).toMatchObject([
      { paymentMethodId: cloned.id, accountId: null },
      { paymentMethodId: own.id, accountId },
    ]);
    // It is known at this point, so Stripe is not asked.
    expectGone(await shop.confirm(transaction, { payment_method_id: own.id }));
    expect(verdict(await shop.confirm(transaction))).toEqual([200, "succeeded"]);
  });

  it("leaves the methods of the shopper's other customers alone", async () => {
    const accountId = await shop.account();
    const platform = await stored("pm_card_visa");
    const own = await stored("pm_card_mastercard", { account_id: accountId });
    expect(platform.preferred).toBe(true);
    await deleteCustomer();
    await journey.advance(0);
    expect(await listed()).toEqual([own.id]);
    const { body } = await shop.ask(shopper, "GET", `/payment-methods/${own.id}`);
    expect(body.data.preferred).toBe(true);
  });
});

describe("a method that was detached out-of-band", () => {
  it("is removed by the event, and refused with a code of its own", async () => {
    const accountId = await shop.account();
    const method = await stored("pm_card_visa");
    const transaction = await started(accountId);
    await journey.stripePost(`/payment_methods/${method.payment_method_id}/detach`);
    await journey.advance(0);
    expect(await listed()).toEqual([]);
    expect(await told()).toMatchObject([{ paymentMethodId: method.id, reason: "detached" }]);
    expect(await standing()).toEqual([{ kind: "method_gone", about_id: method.id }]);
    expectGone(await shop.confirm(transaction, { payment_method_id: method.id }));
    await stored("pm_card_mastercard");
    expect(await standing()).toEqual([]);
  });

  it("is noticed by the payment that uses it, when the event was lost", async () => {
    await journey.events("drop");
    const accountId = await shop.account();
    const method = await stored("pm_card_visa");
    const transaction = await started(accountId);
    await journey.stripePost(`/payment_methods/${method.payment_method_id}/detach`);
    expect((await shop.confirm(transaction, { payment_method_id: method.id })).status).toBe(422);
    await expect.poll(listed).toEqual([]);
    expectGone(await shop.confirm(transaction, { payment_method_id: method.id }));
  });
});
