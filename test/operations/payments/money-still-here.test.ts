import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction, verdict } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, rows, toldOfPayment } from "../rows";
import { chargeIdOf, intentCount, stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
const minute = 60;
const day = 24 * 60 * minute;
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

afterEach(async () => {
  await journey.control("DELETE", "faults");
  await journey.events("deliver");
  await expectProof(journey);
});

/** Pays an order of 30.00. */
async function paid(card = "pm_card_visa"): Promise<Transaction> {
  const transaction = await shop.ordered({ amount: 3000 }, {}, world);
  expect(verdict(await shop.confirm(transaction, { payment_method_id: card }))).toEqual([200, "succeeded"]);
  return transaction;
}

/** Sets the outcome of the next refund at Stripe. */
function plan(next: string) {
  return journey.control("POST", "refunds", { next });
}

function createAgain({ shopper, orderId }: Transaction, body: object = {}) {
  return shop.create(shopper, { order_id: orderId, ...body });
}

async function liveOf(transaction: Transaction) {
  return (await paymentOf(transaction)).live;
}

/** Lists the reasons for which an operator must look at a payment. */
async function reasonsOf(transaction: Transaction): Promise<string[]> {
  const { id } = await paymentOf(transaction);
  const { body } = await journey.operator("GET", "/attention");
  const reasons: { aggregateId: string; kind: string }[] = body.data.entries;
  return reasons.filter((one) => one.aggregateId === id).map(({ kind }) => kind);
}

/** Expects that the order is answered with this payment, unchanged, and refuses other terms. */
async function expectStands(transaction: Transaction, state = "succeeded"): Promise<void> {
  const before = await intentCount(journey, world.accountId);
  const again = await createAgain(transaction);
  expect(verdict(again)).toEqual([200, state]);
  expect(again.body.data.transaction_id).toBe(transaction.transactionId);
  const other = await shop.create(await shop.shopper(), { order_id: transaction.orderId });
  expect(verdict(other)).toEqual([409, "payment_exists"]);
  const put = await shop.putOrder(transaction.orderId, { amount: 3100, account_id: world.accountId });
  expect(verdict(put)).toEqual([409, "payment_exists"]);
  expect(await intentCount(journey, world.accountId)).toBe(before);
}

/** Expects that the order may be paid again, because everything was refunded. */
async function expectFree(transaction: Transaction): Promise<Transaction> {
  const made = await createAgain(transaction);
  expect(verdict(made)).toEqual([201, "requires_payment_method"]);
  return { ...transaction, transactionId: made.body.data.transaction_id };
}

describe("an order whose money is still here", () => {
  it("is not charged again when its refund fails a day later", async () => {
    const transaction = await paid("pm_card_refundFail");
    expect((await shop.refund(transaction)).body.data.status).toBe("succeeded");
    await journey.advance(day);
    expect((await shop.view(transaction)).body.data).toMatchObject({ status: "succeeded", amount_refunded: "0" });
    await expectStands(transaction);
    expect(verdict(await shop.confirm(transaction))).toEqual([409, "state_wrong"]);
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
    expect((await shop.refund(transaction)).body.data).toMatchObject({ status: "succeeded", amount: "3000" });
    await expectFree(transaction);
  });

  it("calls nobody for a refund that failed, if all had gone back otherwise before we heard of it", async () => {
    const transaction = await paid();
    expect((await shop.refund(transaction)).body.data.status).toBe("succeeded");
    await journey.events("hold");
    const key = { payment_intent: transaction.transactionId };
    const [refund] = (await journey.stripe(`/refunds?payment_intent=${key.payment_intent}`, world.accountId)).data;
    await journey.control("POST", "refunds", { refund: refund.id, status: "failed" });
    expect((await journey.stripePost("/refunds", key, world.accountId)).status).toBe("succeeded");
    await journey.events("deliver");
    await journey.flushEvents(1);
    await journey.advance(10);
    expect((await shop.view(transaction)).body.data).toMatchObject({ amount_refunded: "3000" });
    expect(await reasonsOf(transaction)).toEqual([]);
    await expectFree(transaction);
  });

  it("stands while its refund is pending, and no longer once that has succeeded", async () => {
    const transaction = await paid("pm_card_pendingRefund");
    expect((await shop.refund(transaction)).body.data.status).toBe("pending");
    await expectStands(transaction);
    expect((await shop.refund(transaction)).body.code).toBe("nothing_refundable");
    await journey.advance(minute + 1);
    await expectFree(transaction);
  });

  it("stands while its refund is pending, and when that has failed", async () => {
    const transaction = await paid();
    await plan("pending_then_fail");
    await shop.refund(transaction, { amount: 3000 });
    await expectStands(transaction);
    await journey.advance(minute + 1);
    await expectStands(transaction);
    expect((await shop.refund(transaction)).body.data.amount).toBe("3000");
  });

  it("stands while nobody knows what became of its refund", async () => {
    const transaction = await paid();
    await journey.events("drop");
    await journey.fault("POST /v1/refunds", "timeout_after", 3);
    expect((await shop.refund(transaction)).status).toBe(503);
    expect(verdict(await createAgain(transaction))).toEqual([200, "unknown"]);
    await journey.control("DELETE", "faults");
    await journey.advance(minute);
    await expectFree(transaction);
  });

  it.each(["deliver", "drop"] as const)("stands again when an out-of-band refund fails (events: %s)", async (mode) => {
    const transaction = await paid();
    await plan("succeed_then_fail");
    await journey.stripePost("/refunds", { payment_intent: transaction.transactionId }, world.accountId);
    await journey.advance(1);
    expect(await liveOf(transaction)).toBeNull();
    await journey.events(mode);
    await journey.advance(day + minute);
    await journey.advance(day);
    await expectStands(transaction);
  });

  it("stands until its authorisation is released", async () => {
    const transaction = await shop.ordered({ amount: 3000 }, { capture_method: "manual" }, world);
    await shop.confirm(transaction);
    await journey.fault("POST /v1/payment_intents/*/cancel", "429", 2);
    expect((await shop.refund(transaction)).status).toBe(503);
    const again = await createAgain(transaction, { capture_method: "manual" });
    expect(again.body.data.transaction_id).toBe(transaction.transactionId);
    await journey.control("DELETE", "faults");
    await journey.advance(minute);
    await expectFree(transaction);
  });

  it("stands while a dispute is open, and when it was won; a lost one has taken it away", async () => {
    for (const [end, stands] of [
      ["won", true],
      ["lost", false],
    ] as const) {
      const transaction = await paid();
      const charge = await chargeIdOf(journey, transaction);
      const { id: dispute } = (await journey.control("POST", "disputes", { charge })).body;
      await journey.advance(1);
      await expectStands(transaction);
      await journey.control("POST", "disputes", { dispute, status: end });
      await journey.advance(1);
      if (stands) await expectStands(transaction);
      else {
        expect(verdict(await shop.refund(transaction))).toEqual([409, "nothing_refundable"]);
        await expectFree(transaction);
      }
    }
  });
});

describe("a refund that fails when its order has another payment", () => {
  /** Makes an order whose money seemed to be refunded, and its next payment. */
  async function refundedOnce(body: object = {}) {
    const first = await paid("pm_card_refundFail");
    await shop.refund(first);
    const made = await createAgain(first, body);
    expect(made.status).toBe(201);
    return { first, second: { ...first, transactionId: made.body.data.transaction_id as string } };
  }

  it.each(["deliver", "drop"] as const)("ends that one while nobody has paid it (events: %s)", async (mode) => {
    const { first, second } = await refundedOnce();
    await journey.events(mode);
    await journey.advance(minute + 1);
    await journey.events("deliver");
    if (mode === "drop") await journey.advance(2 * day); // the account's own list of events shows it
    await journey.advance(minute + 1);
    expect((await stripeSideOf(journey, second)).status).toBe("canceled");
    expect([await liveOf(first), await liveOf(second)]).toEqual([1, null]);
    await expectStands(first);
    expect(await toldOfPayment(first)).not.toContain("payment.duplicated");
  });

  it("refuses to confirm that one, and to capture it", async () => {
    const open = await refundedOnce();
    const reserved = await refundedOnce({ capture_method: "manual" });
    expect(verdict(await shop.confirm(reserved.second))).toEqual([200, "requires_capture"]);
    await journey.fault("POST /v1/payment_intents/*/cancel", "429", 9);
    await journey.advance(minute + 1);
    expect(verdict(await shop.confirm(open.second))[0]).toBe(409);
    expect((await stripeSideOf(journey, open.second)).receivedMinor).toBe(0);
    expect(verdict(await shop.capture(reserved.second))).toEqual([409, "payment_exists"]);
    await journey.control("DELETE", "faults");
    expect(verdict(await shop.cancel(reserved.second))).toEqual([200, "canceled"]);
    await expectStands(reserved.first);
  });

  it("does not send a confirmation that Stripe has not taken yet", async () => {
    const { first, second } = await refundedOnce();
    await journey.fault("POST /v1/payment_intents/*/confirm", "429", 9);
    expect((await shop.confirm(second)).status).toBe(503);
    await rows("update stripe_effects set due_at = null where state = 'open'"); // its next attempt is later than the event
    await journey.advance(minute + 1);
    await journey.control("DELETE", "faults");
    await rows("update stripe_effects set due_at = 1 where state = 'open'");
    for (const seconds of [1, minute, minute]) await journey.advance(seconds);
    expect(await stripeSideOf(journey, second)).toMatchObject({ status: "canceled", receivedMinor: 0 });
    await expectStands(first);
  });

  it("is told when both are paid, and nothing is charged a third time", async () => {
    const { first, second } = await refundedOnce();
    expect(verdict(await shop.confirm(second))).toEqual([200, "succeeded"]);
    await journey.advance(minute + 1);
    expect([await liveOf(first), await liveOf(second)]).toEqual([2, 1]);
    expect(await booksOfPayment(first)).toEqual({ seller_balance: 3000, seller_payable: -3000 });
    expect((await toldOfPayment(first)).slice(2)).toEqual(["refund.succeeded", "refund.failed", "payment.duplicated"]);
    await expectStands(second);
    expect(verdict(await shop.cancelOrder(first))).toEqual([409, "state_wrong"]);
    expect(await reasonsOf(first)).toEqual(["order_paid_twice"]);
    // The newer one is refunded first; the rest has the first place, so that no other can be made.
    expect((await shop.refund(first)).body.data.transaction_id).toBe(second.transactionId);
    expect([await liveOf(first), await liveOf(second)]).toEqual([1, null]);
    expect(await reasonsOf(first)).toEqual([]);
    await expectStands(first);
    expect((await shop.refund(first)).body.data.transaction_id).toBe(first.transactionId);
    await expectFree(first);
  });

  it("is told when the other's money comes only afterwards", async () => {
    const first = await shop.ordered({ amount: 3000, currency: "eur" }, {}, world);
    await shop.confirm(first, { payment_method_id: "pm_card_visa" });
    await plan("succeed_then_fail");
    await shop.refund(first);
    const second = await expectFree(first);
    await journey.events("hold");
    expect(verdict(await shop.debit(second))).toEqual([200, "processing"]);
    const { id } = await paymentOf(first);
    await journey.advance(minute + 1);
    await journey.events("deliver");
    await journey.flushEvents();
    await journey.advance(1);
    expect((await shop.view(second)).body.data.status).toBe("succeeded");
    const told = [...(await toldOfPayment(first)), ...(await toldOfPayment(second))];
    expect(told.filter((type) => type === "payment.duplicated")).toHaveLength(1);
    expect(await rows("select 1 as one from payments where id = ? and live is not null", id)).toHaveLength(1);
  });

  it("commits although another took the place meanwhile", async () => {
    const { first, second } = await refundedOnce();
    expect(verdict(await shop.confirm(second))).toEqual([200, "succeeded"]);
    await journey.events("shuffle");
    await journey.advance(minute + 1);
    await journey.advance(minute);
    const [stuck] = await rows<{ n: number }>("select count(*) as n from stripe_events where state <> 'processed'");
    expect(stuck?.n).toBe(0);
    expect(await liveOf(first)).toBe(2);
  });
});

describe("a cancelled order whose refund fails", () => {
  const cancelled = async (transaction: Transaction) =>
    expect(verdict(await shop.cancelOrder(transaction))).toEqual([200, "cancelled"]);

  it("gives its money back once more by itself", async () => {
    const transaction = await paid("pm_card_refundFail");
    await shop.refund(transaction);
    await cancelled(transaction);
    await plan("succeed");
    await journey.advance(minute + 1);
    await journey.advance(minute + 1);
    const { refunds } = await stripeSideOf(journey, transaction);
    expect(refunds.map(({ status }) => status).toSorted()).toEqual(["failed", "succeeded"]);
    expect(await booksOfPayment(transaction)).toEqual({});
    expect(await liveOf(transaction)).toBeNull();
  });

  it("tells of the second failure too, and waits for an operator", async () => {
    const transaction = await paid("pm_card_refundFail");
    await shop.refund(transaction);
    await cancelled(transaction);
    await journey.advance(minute + 1);
    for (const seconds of [minute + 1, day, day]) await journey.advance(seconds);
    const told = (await toldOfPayment(transaction)).filter((type) => type === "refund.failed");
    expect(told).toHaveLength(2);
    expect(await paymentOf(transaction)).toMatchObject({ live: 1, due_at: null });
    expect(await reasonsOf(transaction)).toEqual(["cancelled_order_paid"]);
    await plan("succeed");
    expect((await shop.refund(transaction)).body.data.status).toBe("succeeded");
    expect(await reasonsOf(transaction)).toEqual([]);
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("may be cancelled while its refund is pending, and is then not kept either", async () => {
    const transaction = await paid();
    await plan("pending_then_fail");
    await shop.refund(transaction);
    await cancelled(transaction);
    for (const seconds of [minute + 1, minute + 1]) await journey.advance(seconds);
    expect(await booksOfPayment(transaction)).toEqual({});
    expect(verdict(await createAgain(transaction))).toEqual([409, "order_cancelled"]);
  });
});
