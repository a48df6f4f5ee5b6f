import { env, exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, Journey } from "../../journey";
import { newOrderId, Shop, type Transaction, verdict } from "../../shop";
import { expectProof } from "../books";
import { quickly } from "../faults/quickly";
import { paymentOf, rows, toldOfPayment } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;

beforeAll(quickly);
beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
});

const daySeconds = 24 * 60 * 60;
const ways = ["deauthorized", "deleted"] as const;

/** Deauthorizes or deletes the account at Stripe; the event may be lost. */
function take(account: string, status: (typeof ways)[number] = "deauthorized"): Promise<Answer> {
  return journey.control("POST", "accounts", { account, status });
}

/** Expects the refusal for an account that is gone, without a word about keys. */
function expectGone({ status, body }: Answer): void {
  expect([status, body.code]).toEqual([409, "account_gone"]);
  expect(JSON.stringify(body)).not.toMatch(/sk_|key/i);
}

function refund({ shopper, orderId, accountId }: Transaction): Promise<Answer> {
  return shop.ask(shopper, "POST", "/refunds", { order_id: orderId, account_id: accountId });
}

function asSeller(method: string, path: string, body?: object): Promise<Answer> {
  return shop.ask({ token: shop.token, appId: shop.appId }, method, `/connected-accounts${path}`, body);
}

function attention(kind = "account_gone") {
  return rows<{ aggregate_id: string; about_kind: string; about_id: string; amount_minor: number | null }>(
    "select * from attention where kind = ? and cleared_at is null order by since",
    kind,
  );
}

function stateOf(accountId: string) {
  return rows<{ id: string; state: string }>("select id, state from connected_accounts where stripe_id = ?", accountId);
}

describe.each(ways)("an account that was %s", (way) => {
  it("ends its unpaid payments by the clock, with all events lost, and frees their orders", async () => {
    const transaction = await shop.ordered({ amount: 1000 });
    await journey.advance(0);
    await journey.events("drop");
    await take(transaction.accountId, way);
    await journey.advance(daySeconds + 60);
    await journey.advance(60);
    expect(await paymentOf(transaction)).toMatchObject({ state: "failed", live: null, due_at: null });
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.failed"]);
    expectGone(await shop.confirm(transaction));
    const other = await shop.account();
    const put = await shop.putOrder(transaction.orderId, { account_id: other, amount: 1000 });
    expect(put.status).toBe(200);
    const made = await shop.create(transaction.shopper, { order_id: transaction.orderId });
    expect(made.status).toBe(201);
  });

  it("shows that it is gone, tells the developer and the operator, and frees its e-mail", async () => {
    const accountId = await shop.account();
    const [{ email } = { email: "" }] = await rows<{ email: string }>("select email from connected_accounts");
    await journey.advance(0);
    await journey.events("drop");
    await take(accountId, way);
    const seen = await asSeller("GET", `/${accountId}`);
    expect([seen.status, seen.body.data.status]).toEqual([200, "gone"]);
    await expect.poll(async () => (await stateOf(accountId))[0]?.state).toBe("gone");
    const [row] = await stateOf(accountId);
    expect(await attention()).toMatchObject([{ aggregate_id: row?.id, about_kind: "account", about_id: row?.id }]);
    const [told] = await rows<{ data: string }>(
      "select data from outbox where aggregate_id = ? order by sequence desc limit 1",
      row?.id,
    );
    expect(JSON.parse(told?.data ?? "{}")).toMatchObject({ accountId, state: "gone" });
    expect((await asSeller("POST", "", { email })).status).toBe(201);
  });

  it("refuses everything on it in one word, before and after we know", async () => {
    const unpaid = await shop.ordered({ amount: 1000 });
    const { accountId, shopper } = unpaid;
    const paid = await shop.paid({}, { accountId, shopper });
    const reserved = await shop.paid({ capture_method: "manual" }, { accountId, shopper });
    const later = newOrderId();
    expect((await shop.putOrder(later, { account_id: accountId, amount: 500 })).status).toBe(201);
    await journey.advance(0);
    await journey.events("drop");
    await take(accountId, way);
    expectGone(await shop.create(shopper, { order_id: later }));
    expectGone(await shop.confirm(unpaid));
    expectGone(await shop.ask(shopper, "POST", `/transactions/${reserved.transactionId}/capture`, {}));
    expectGone(await refund(paid));
    expectGone(await shop.attach(shopper, { payment_method_id: "pm_card_visa", account_id: accountId }));
    expectGone(await asSeller("POST", "/login", { account_id: accountId }));
    expectGone(await asSeller("POST", "/onboarding", { account_id: accountId }));
    await journey.advance(60);
    expect(await stateOf(accountId)).toMatchObject([{ state: "gone" }]);
    const terms = { account_id: accountId, amount: 500 };
    expectGone(await shop.putOrder(newOrderId(), terms));
    expectGone(await shop.create(shopper, { order_id: newOrderId(), ...terms }));
    expectGone(await shop.create(shopper, { order_id: later }));
    expectGone(await refund(paid));
    expectGone(await refund(reserved));
    expect(verdict(await shop.view(paid))).toEqual([200, "succeeded"]);
    expect(await rows("select 1 from stripe_effects where state = 'open'")).toEqual([]);
  });
});

it("ends a payment so old that the sweep asks about it no more", async () => {
  const transaction = await shop.started();
  await journey.events("drop");
  await journey.advance(40 * daySeconds);
  await journey.advance(daySeconds);
  expect(await paymentOf(transaction)).toMatchObject({ state: "requires_payment_method", due_at: null });
  await take(transaction.accountId);
  await journey.advance(daySeconds + 60);
  await journey.advance(60);
  expect(await paymentOf(transaction)).toMatchObject({ state: "failed", live: null });
});

it("ends what was left on an account that its developer deletes", async () => {
  const transaction = await shop.started();
  await journey.advance(0);
  expect((await asSeller("DELETE", `/${transaction.accountId}`)).status).toBe(204);
  await journey.advance(60);
  expect(await paymentOf(transaction)).toMatchObject({ state: "failed", live: null, due_at: null });
});

it("ends a creation whose look-up the account refuses, and does not ask for ever", async () => {
  const { shopper, accountId, orderId } = { ...(await shop.started()), orderId: newOrderId() };
  await journey.fault("POST /v1/payment_intents", "500", 2);
  const terms = { order_id: orderId, account_id: accountId, amount: 700 };
  expect((await shop.create(shopper, terms)).status).toBe(503);
  await take(accountId);
  await journey.advance(60);
  expect(await rows("select state from payments where order_id = ?", orderId)).toEqual([{ state: "failed" }]);
  expect(await rows("select 1 from stripe_effects where state = 'open'")).toEqual([]);
  expectGone(await shop.create(shopper, terms));
});

it("shows the operator a payment that may have been made without our knowing", async () => {
  const transaction = await shop.started();
  await journey.advance(0);
  await journey.events("drop");
  await journey.fault("POST /v1/payment_intents/*/confirm", "timeout_after", 2);
  expect((await shop.confirm(transaction)).status).toBe(503);
  await take(transaction.accountId);
  await journey.advance(60);
  const { id } = await paymentOf(transaction);
  expect(await paymentOf(transaction)).toMatchObject({ state: "failed", live: null });
  expect(await attention()).toMatchObject([{ aggregate_id: id, about_kind: "payment", amount_minor: 1000 }, {}]);
});

it("keeps an order whose bank is still asked from being paid twice, and gives up after a month", async () => {
  const transaction = await shop.started();
  const [{ id } = { id: "" }] = await rows<{ id: string }>("select id from payments");
  await journey.advance(0);
  await journey.events("drop");
  // No card is with the bank for so long, so this sets the state that a debit would have.
  await env.DB.prepare("update payments set state = 'processing', due_at = 0, updated_at = ? where id = ?")
    .bind((await journey.control("GET", "clock")).body.nowSeconds * 1000, id)
    .run();
  await take(transaction.accountId);
  await journey.advance(60);
  expect(await paymentOf(transaction)).toMatchObject({ state: "processing", live: 1 });
  for (let week = 0; week < 5; week += 1) await journey.advance(7 * daySeconds);
  expect(await paymentOf(transaction)).toMatchObject({ state: "failed", live: null, due_at: null });
  expect((await attention()).map(({ about_kind: kind }) => kind).sort()).toEqual(["account", "payment"]);
});

describe.each([
  { about: "whole", refunded: 0 },
  { about: "less what we gave back of it", refunded: 400 },
])("our fee of a payment whose account is gone before Stripe reports it", ({ about, refunded }) => {
  it(`is booked, ${about}, because it is our own object`, async () => {
    await journey.control("POST", "fees", { mode: "always_late" });
    const transaction = await shop.ordered({ amount: 1000, application_fee_amount: 100 });
    expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
    const { shopper, orderId, accountId } = transaction;
    const order = { order_id: orderId, account_id: accountId };
    if (refunded > 0) {
      expect((await shop.ask(shopper, "POST", "/refunds", { ...order, amount: refunded })).status).toBe(200);
    }
    await journey.events("drop");
    await take(accountId);
    await journey.advance(2 * 60);
    await journey.advance(daySeconds);
    const [fee] = await rows<{ sum: number }>(
      "select sum(amount_minor) as sum from postings where account = 'application_fees'",
    );
    expect(fee?.sum).toBe(-(100 - refunded / 10));
    await expectProof(journey);
    expect(await paymentOf(transaction)).toMatchObject({ state: "succeeded", due_at: null });
  });
});
