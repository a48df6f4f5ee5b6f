import { beforeEach, describe, expect, it } from "vitest";
import { rows } from "../operations/rows";
import { expectBooksInOrder, journalCount, openEffectCount, outboxCount, outcomeOf } from "../outcome";
import { newOrderId, Shop, type Transaction } from "../shop";
import { current as journey, Predecessor, sentToStripe } from "./predecessor";

/*
 * Cloudflare may run an old and a new instance of one object for a while, and the new one knows nothing of the old
 * one's lock (Durable Objects, known issues: global uniqueness).
 */

beforeEach(() => journey.reset());

const moments = ["before it reaches Stripe", "after Stripe has done it"] as const;

describe.each(moments)("two sequencers of one key, the old one held in its call (%s)", (moment) => {
  it("accept an offer once", async () => {
    const session = await journey.paidOffer();
    await journey.events("drop");
    const old = new Predecessor("GET", /^\/v1\/checkout\/sessions\//, moment);
    const first = old.journey.accept(session);
    await old.until();
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(10);
    old.mayGoOn = true;
    expect((await first).status).toBe(204);
    await journey.advance(10);
    expect(await journalCount(session.testimonyId, "accept-offer")).toBe(1);
    expect(await outboxCount(session.testimonyId, "offer.accepted")).toBe(1);
    expect(await outcomeOf(journey, session)).toMatchObject({ paidMinor: 18_090, transfers: [{ amount: 14_950 }] });
    await expectBooksInOrder(journey);
  });

  it("make one payment of an order", async () => {
    const shop = await Shop.open(journey);
    const [shopper, accountId] = [await shop.shopper(), await shop.account()];
    const terms = { order_id: newOrderId(), account_id: accountId, amount: 1000 };
    const old = new Predecessor("POST", /^\/v1\/payment_intents$/, moment);
    const first = new Shop(old.journey, shop).create(shopper, terms);
    await old.until();
    const second = await shop.create(shopper, terms);
    old.mayGoOn = true;
    const answers = [await first, second];
    expect(answers.map(({ status }) => status)).toEqual([expect.toSatisfy(isMade), expect.toSatisfy(isMade)]);
    expect(new Set(answers.map(({ body }) => body.data.transaction_id)).size).toBe(1);
    expect((await journey.stripe("/payment_intents", accountId)).data).toHaveLength(1);
    expect(await openEffectCount()).toBe(0);
    await expectBooksInOrder(journey);
  });

  it("make one refund", async () => {
    const shop = await Shop.open(journey);
    const paid = await shop.paid();
    await journey.events("drop");
    const old = new Predecessor("POST", /^\/v1\/refunds$/, moment);
    const first = new Shop(old.journey, shop).refund(paid, { amount: 400 });
    await old.until();
    await journey.advance(10); // the clock finds the pending call, and makes it
    const between = await refundsOf(paid);
    old.mayGoOn = true;
    expect((await first).status).toBe(200);
    expect(between).toEqual([400]);
    expect(await refundsOf(paid)).toEqual([400]);
    expect((await shop.view(paid)).body.data).toMatchObject({ amount_refunded: "400" });
    expect(await openEffectCount()).toBe(0);
    await expectBooksInOrder(journey);
  });
});

it("an old sequencer whose answer is lost writes over nothing that its successor has written", async () => {
  const shop = await Shop.open(journey);
  const paid = await shop.paid();
  await journey.events("drop");
  const old = new Predecessor("POST", /^\/v1\/refunds$/, "before its answer is lost");
  const first = new Shop(old.journey, shop).refund(paid, { amount: 400 });
  await old.until();
  await journey.advance(10);
  const ended = "select state, due_at, failure, attempts from stripe_effects where kind = 'create-payment-refund'";
  const done = [{ state: "done", due_at: null, failure: null, attempts: 0 }];
  expect(await rows(ended)).toEqual(done);
  old.mayGoOn = true;
  expect((await first).status).toBe(200);
  expect(await rows(ended)).toEqual(done);
  expect(await refundsOf(paid)).toEqual([400]);
});

describe("a sequencer that learns from its storage that it was replaced", () => {
  it("sends nothing to Stripe any more", async () => {
    const shop = await Shop.open(journey);
    const paid = await shop.paid();
    const old = new Predecessor("POST", /^\/v1\/refunds$/, "before it reaches Stripe");
    old.isTold = true;
    old.mayGoOn = true;
    expect((await new Shop(old.journey, shop).refund(paid, { amount: 400 })).status).toBe(503);
    expect(await sentToStripe(journey, "POST", /^\/v1\/refunds$/)).toBe(0);
    await journey.advance(10);
    expect(await refundsOf(paid)).toEqual([400]);
    await expectBooksInOrder(journey);
  });

  it("writes nothing of what came of its call", async () => {
    const shop = await Shop.open(journey);
    const paid = await shop.paid();
    await journey.events("drop");
    const old = new Predecessor("POST", /^\/v1\/refunds$/, "after Stripe has done it");
    const asked = new Shop(old.journey, shop).refund(paid, { amount: 400 });
    await old.until();
    old.isTold = true;
    old.mayGoOn = true;
    expect((await asked).status).toBe(503);
    expect(await openEffectCount()).toBe(1);
    await journey.advance(10);
    expect([await openEffectCount(), await refundsOf(paid)]).toEqual([0, [400]]);
    await expectBooksInOrder(journey);
  });
});

function isMade(status: number): boolean {
  return status === 201 || status === 200;
}

async function refundsOf({ transactionId, accountId }: Transaction): Promise<number[]> {
  const { data } = await journey.stripe(`/refunds?payment_intent=${transactionId}`, accountId);
  return data.map(({ amount }: { amount: number }) => amount);
}
