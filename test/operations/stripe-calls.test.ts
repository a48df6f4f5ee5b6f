import { env, exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, Journey } from "../journey";
import { newOrderId, Shop } from "../shop";
import { expectProof, hundred } from "./books";
import { quickly } from "./faults/quickly";
import { payoutOf, rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;

beforeAll(quickly);
beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
});

const daySeconds = 24 * 60 * 60;
const note = "Stripe's support says that there is none.";

interface Call {
  aggregate_id: string;
  id: string;
  kind: string;
  params: string;
  state: string;
}

async function openCall(kind: string): Promise<Call> {
  const [call] = await rows<Call>("select * from stripe_effects where state = 'open' and kind = ?", kind);
  if (!call) throw new Error(`no ${kind} is open`);
  return call;
}

/** Returns the object that another call of this kind has made. */
async function madeByAnother(kind: string): Promise<string> {
  const done = "select result_id from stripe_effects where state = 'done' and kind = ? order by id desc";
  const [call] = await rows<{ result_id: string }>(done, kind);
  if (!call) throw new Error(`no ${kind} was made`);
  return call.result_id;
}

function settle(call: { aggregate_id: string; id: string }, body: object): Promise<Answer> {
  return journey.operator("POST", `/stripe-calls/${call.aggregate_id}/${call.id}/settle`, { note, ...body });
}

/** Returns the same account for all, because one payment can be confused with another only on the same account. */
async function someAccount(): Promise<string> {
  const [account] = await rows<{ stripe_id: string }>("select stripe_id from connected_accounts");
  return account?.stripe_id ?? shop.account();
}

/** Counts our requests to Stripe that change something. */
async function sent(): Promise<number> {
  const { requests } = (await journey.control("GET", "requests")).body;
  return requests.filter(
    (one: { method: string; source: string }) => one.method !== "GET" && one.source === "application",
  ).length;
}

/** Makes a transaction that is authorized and not captured. */
const reserved = () => shop.paid({ capture_method: "manual" });

async function accepted() {
  const session = await journey.paidOffer({ price: hundred.price });
  expect((await journey.accept(session)).status).toBe(204);
  return session;
}

/**
 * Each kind of call, its request, and how to cause it. An expiry ends by itself within the day that a session lives.
 */
const kinds: [kind: string, request: string, cause: () => Promise<unknown>][] = [
  ["create-session", "POST /v1/checkout/sessions", async () => journey.startCheckout(await journey.offerOnTable())],
  ["create-transfer", "POST /v1/transfers", () => accepted().then(() => journey.advance(1))],
  [
    "create-refund",
    "POST /v1/refunds",
    async () => {
      const { testimonyId } = await accepted();
      await journey.advance(1);
      await journey.operator("POST", `/testimonies/${testimonyId}/refund`, { reason: "ill" });
      await journey.advance(10);
    },
  ],
  [
    "reverse-transfer",
    "POST /v1/transfers/*/reversals",
    async () => {
      const { testimonyId } = await accepted();
      await journey.advance(1);
      await journey.operator("POST", `/testimonies/${testimonyId}/refund`, { reason: "ill" });
      await journey.advance(10);
    },
  ],
  [
    "create-account",
    "POST /v1/accounts",
    async () => {
      const { token } = await journey.registerExpert();
      await journey.call("POST", "/api/v1/me/payout-account", { token, body: {} });
    },
  ],
  [
    "create-connected-account",
    "POST /v1/accounts",
    () =>
      shop.ask({ token: shop.token, appId: shop.appId }, "POST", "/connected-accounts", {
        email: `${crypto.randomUUID()}@example.com`,
      }),
  ],
  [
    "delete-connected-account",
    "DELETE /v1/accounts/*",
    async () =>
      shop.ask({ token: shop.token, appId: shop.appId }, "DELETE", `/connected-accounts/${await shop.account()}`),
  ],
  [
    "create-customer",
    "POST /v1/customers",
    async () => shop.attach(await shop.shopper(), { payment_method_id: "pm_card_visa" }),
  ],
  [
    "exchange-token",
    "POST /v1/payment_methods",
    async () => shop.attach(await shop.shopper(), { payment_method_id: "tok_visa", type: "token" }),
  ],
  [
    "attach-method",
    "POST /v1/payment_methods/*/attach",
    async () => shop.attach(await shop.shopper(), { payment_method_id: "pm_card_visa" }),
  ],
  [
    "detach-method",
    "POST /v1/payment_methods/*/detach",
    async () => {
      const shopper = await shop.shopper();
      const { body } = await shop.attach(shopper, { payment_method_id: "pm_card_visa" });
      await shop.ask(shopper, "DELETE", `/payment-methods/${body.data.id}`);
    },
  ],
  [
    "create-intent",
    "POST /v1/payment_intents",
    async () =>
      shop.create(await shop.shopper(), { order_id: newOrderId(), amount: 1000, account_id: await someAccount() }),
  ],
  ["confirm-intent", "POST /v1/payment_intents/*/confirm", async () => shop.confirm(await shop.started())],
  [
    "capture-intent",
    "POST /v1/payment_intents/*/capture",
    async () => {
      const { shopper, transactionId } = await reserved();
      await shop.ask(shopper, "POST", `/transactions/${transactionId}/capture`, {});
    },
  ],
  [
    "cancel-intent",
    "POST /v1/payment_intents/*/cancel",
    async () => {
      const { shopper, transactionId } = await reserved();
      await shop.ask(shopper, "POST", `/transactions/${transactionId}/cancel`, {});
    },
  ],
  [
    "create-payment-refund",
    "POST /v1/refunds",
    async () => {
      const { shopper, orderId, accountId } = await shop.paid();
      await shop.ask(shopper, "POST", "/refunds", { order_id: orderId, account_id: accountId });
    },
  ],
];

describe.each(kinds)("an operator's verdict on a %s", (kind, request, cause) => {
  it("counts when the last one that was sent is over, and what follows is as if Stripe had refused it", async () => {
    await cause();
    const other = await madeByAnother(kind);
    await journey.fault(request, "500", 1_000_000);
    await cause();
    const call = await openCall(kind);
    const early = await settle(call, { outcome: "not_made" });
    expect([early.status, early.body.code]).toEqual([409, "too_early"]);
    await journey.control("DELETE", "faults");
    const before = await sent();
    // It is not sent any more, although it is looked for, and the look-up finds what exists.
    for (let hours = 0; hours < 25; hours += 5) await journey.advance(5 * 60 * 60);
    expect(await openCall(kind)).toMatchObject({ id: call.id });
    expect(await sent()).toBe(before);
    for (const objectId of ["no_such_object", other]) {
      const strange = await settle(call, { outcome: "made", object_id: objectId });
      expect([strange.status, strange.body.code]).toEqual([422, "object_mismatch"]);
    }
    const ended = await settle(call, { outcome: "not_made" });
    expect([ended.status, ended.body]).toEqual([200, { data: { state: "refused", object_id: null } }]);
    const journal = await rows<{ data: string }>("select data from journal where data like '%settledBy%'");
    expect(JSON.parse(journal[0]?.data ?? "{}").settledBy).toEqual({ operator: "sandbox", note });
    const again = await settle(call, { outcome: "not_made" });
    expect([again.status, again.body.code]).toEqual([409, "state_wrong"]);
    await expectProof(journey);
  });
});

/** Makes a call due so late that only an operator deals with it. */
async function leave({ id }: Call): Promise<void> {
  await env.DB.prepare("update stripe_effects set due_at = due_at + 100000000000 where id = ?").bind(id).run();
}

/** Makes a transfer whose request was under way for so long that earlier look-ups have found none. */
async function lostTransfer() {
  await journey.fault("POST /v1/transfers", "500", 1_000_000);
  const session = await accepted();
  await journey.advance(1);
  const call = await openCall("create-transfer");
  expect((await settle(call, { outcome: "not_made" })).body.code).toBe("too_early");
  await leave(call);
  await journey.control("DELETE", "faults");
  const { amountMinor, currency, destination, chargeId, testimonyId, payoutId } = JSON.parse(call.params);
  const made = await journey.stripePost("/transfers", {
    amount: amountMinor,
    currency,
    destination,
    source_transaction: chargeId,
    transfer_group: testimonyId,
    "metadata[payout_id]": payoutId,
  });
  expect(made).toMatchObject({ object: "transfer" });
  return { session, call };
}

/** Makes a capture at Stripe whose answer was lost. */
async function lostCapture() {
  const transaction = await reserved();
  await journey.events("drop");
  await journey.fault("POST /v1/payment_intents/*/capture", "500_after", 2);
  expect((await shop.capture(transaction)).status).toBe(503);
  const call = await openCall("capture-intent");
  expect((await settle(call, { outcome: "not_made" })).body.code).toBe("too_early");
  await leave(call);
  await env.DB.prepare("update payments set due_at = null").run();
  return { transaction, call };
}

it("takes what Stripe has made, to the cent, and nothing else", async () => {
  const { session, call } = await lostTransfer();
  const other = await accepted();
  await journey.advance(1);
  const [wrong] = (await journey.stripe(`/transfers?transfer_group=${other.testimonyId}`)).data;
  const [made] = (await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data;
  await env.DB.prepare("update stripe_effects set params = json_set(params, '$.testimonyId', 'lost') where id = ?")
    .bind(call.id)
    .run();
  await journey.advance(daySeconds + 60);
  expect((await settle(call, { outcome: "made", object_id: wrong.id })).body.code).toBe("object_mismatch");
  const ended = await settle(call, { outcome: "made", object_id: made.id });
  expect([ended.status, ended.body.data]).toEqual([200, { state: "done", object_id: made.id }]);
  expect(await payoutOf(session)).toMatchObject({ state: "paid", transfer_id: made.id });
  await expectProof(journey);
});

/**
 * Refunds and reversals of the same money by another hand, and what the call has really made. `ours` marks an object as
 * the call's.
 */
const givenBack: [
  kind: string,
  at: (params: Record<string, string>) => { path: string; account?: string },
  ours: (call: Call, params: Record<string, string>) => Record<string, string>,
][] = [
  [
    "create-refund",
    ({ paymentIntentId }) => ({ path: `/refunds?payment_intent=${paymentIntentId}` }),
    (_, { refundId = "" }) => ({ "metadata[refund_id]": refundId }),
  ],
  [
    "create-payment-refund",
    ({ stripeId, stripeAccountId = "" }) => ({ path: `/refunds?payment_intent=${stripeId}`, account: stripeAccountId }),
    (_, { refundId = "" }) => ({ "metadata[refund_id]": refundId }),
  ],
  [
    "reverse-transfer",
    ({ transferId }) => ({ path: `/transfers/${transferId}/reversals` }),
    ({ id }, { payoutId = "" }) => ({ "metadata[payout_id]": payoutId, "metadata[call_id]": id }),
  ],
];

const others = ["less, with the call's mark", "as much, without it"] as const;
const parts = givenBack.flatMap((one) => others.map((other) => [one[0], other, one] as const));

it.each(parts)("takes for what a %s made no other part of the same money: %s", async (kind, other, [, at, ours]) => {
  const [, request = "", cause] = kinds.find(([one]) => one === kind) ?? [];
  await journey.fault(request, "500", 1_000_000);
  await cause?.();
  const call = await openCall(kind);
  expect((await settle(call, { outcome: "not_made" })).body.code).toBe("too_early");
  await leave(call);
  await journey.control("DELETE", "faults");
  await journey.events("drop");
  const params = JSON.parse(call.params);
  const [path = "", query] = at(params).path.split("?");
  const fields = other === others[0] ? { amount: 1, ...ours(call, params) } : { amount: params.amountMinor };
  const named = Object.fromEntries(new URLSearchParams(query));
  const made = await journey.stripePost(path, { ...named, ...fields }, at(params).account);
  expect(made).toMatchObject({ id: expect.any(String), amount: fields.amount });
  await journey.advance(daySeconds + 60);
  const answer = await settle(call, { outcome: "made", object_id: made.id });
  expect([answer.status, answer.body.code]).toEqual([422, "object_mismatch"]);
  expect(await openCall(kind)).toMatchObject({ id: call.id });
});

it("does not take another transaction for the one that was captured", async () => {
  const other = await reserved();
  const { call } = await lostCapture();
  await journey.advance(daySeconds + 60);
  const answer = await settle(call, { outcome: "made", object_id: other.transactionId });
  expect([answer.status, answer.body.code]).toEqual([422, "object_mismatch"]);
  expect(await openCall("capture-intent")).toMatchObject({ id: call.id });
});

it("believes Stripe more than an operator who says that nothing was made, of whichever call", async () => {
  const { transaction, call } = await lostCapture();
  await journey.advance(daySeconds + 60);
  const ended = await settle(call, { outcome: "not_made" });
  expect([ended.status, ended.body.data?.state]).toEqual([200, "done"]);
  expect(await shop.view(transaction)).toMatchObject({ body: { data: { status: "succeeded" } } });
});

it("believes Stripe more than an operator who says that nothing was made", async () => {
  const { session, call } = await lostTransfer();
  await journey.advance(daySeconds + 60);
  const ended = await settle(call, { outcome: "not_made" });
  expect([ended.status, ended.body.data.state]).toEqual([200, "done"]);
  expect(await payoutOf(session)).toMatchObject({ state: "paid" });
  await expectProof(journey);
});

it("cannot count while Stripe cannot be asked", async () => {
  const { call } = await lostTransfer();
  await journey.advance(daySeconds + 60);
  await journey.fault("GET /v1/transfers", "500", 2);
  const answer = await settle(call, { outcome: "not_made" });
  expect([answer.status, answer.body.code]).toEqual([503, "stripe_unavailable"]);
});

it("cannot count while Stripe cannot be asked, of whichever call", async () => {
  const { transaction, call } = await lostCapture();
  await journey.advance(daySeconds + 60);
  await journey.fault("GET /v1/payment_intents/*", "500", 2);
  const answer = await settle(call, { outcome: "not_made" });
  expect([answer.status, answer.body.code]).toEqual([503, "stripe_unavailable"]);
  expect(await openCall("capture-intent")).toMatchObject({ id: call.id });
  expect((await settle(call, { outcome: "not_made" })).body.data).toMatchObject({ state: "done" });
  expect(await shop.view(transaction)).toMatchObject({ body: { data: { status: "succeeded" } } });
});

it("is asked for where Stripe refuses the look-up for good, and ends that, too", async () => {
  const { shopper, transactionId } = await reserved();
  await journey.fault("POST /v1/payment_intents/*/capture", "500", 2);
  await shop.ask(shopper, "POST", `/transactions/${transactionId}/capture`, {});
  const call = await openCall("capture-intent");
  await env.DB.prepare("update stripe_effects set params = json_set(params, '$.stripeId', 'pi_lost') where id = ?")
    .bind(call.id)
    .run();
  await journey.advance(60);
  const standing = () => rows("select about_id from attention where kind = 'stripe_call_stuck' and cleared_at is null");
  expect(await standing()).toEqual([{ about_id: call.id }]);
  await journey.advance(daySeconds + 60);
  expect((await settle(call, { outcome: "not_made" })).body.data.state).toBe("refused");
  expect(await standing()).toEqual([]);
  expect(await shop.view({ shopper, transactionId } as never)).toMatchObject({
    body: { data: { status: "requires_capture" } },
  });
});

it("is about a call that there is", async () => {
  const answer = await settle({ aggregate_id: "none", id: "none" }, { outcome: "not_made" });
  expect([answer.status, answer.body.code]).toEqual([404, "call_unknown"]);
});
