import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Answer, Journey } from "../../journey";
import { newOrderId, Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, toldOfPayment } from "../rows";
import { stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

afterEach(() => expectProof(journey));

const reserved = { capture_method: "manual" };
const all = { seller_balance: 1000, seller_payable: -1000 };

function twenty(ask: (index: number) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: 20 }, (_, index) => ask(index)));
}

/** Counts each answer: status and, of a refusal, its code. */
function tally(answers: readonly Answer[]): Record<string, number> {
  const names = answers.map(({ status, body }) => (body.code ? `${status} ${body.code}` : String(status)));
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length]));
}

async function callsOf(verb: string, { transactionId }: Transaction): Promise<number> {
  const { requests } = (await journey.control("GET", `requests?match=POST%20/v1/payment_intents/*/${verb}`)).body;
  return requests.filter(({ path }: { path: string }) => path.includes(transactionId)).length;
}

describe("twenty at once", () => {
  it("creates of one order make one PaymentIntent", async () => {
    const orderId = newOrderId();
    const body = { order_id: orderId, account_id: world.accountId, amount: 1000 };
    const answers = await twenty(() => shop.create(world.shopper, body));
    expect(tally(answers)).toEqual({ 201: 1, 200: 19 });
    expect(new Set(answers.map((answer) => answer.body.data.transaction_id)).size).toBe(1);
    const { data } = await journey.stripe("/payment_intents?limit=100", world.accountId);
    const made = data.filter(({ metadata }: { metadata: { order_id: string } }) => metadata.order_id === orderId);
    expect(made).toHaveLength(1);
  });

  it("creates of one order by two shoppers make it one's", async () => {
    const other = await shop.shopper();
    const body = { order_id: newOrderId(), account_id: world.accountId, amount: 1000 };
    const answers = await twenty((index) => shop.create(index % 2 === 0 ? world.shopper : other, body));
    expect(tally(answers)).toEqual({ 201: 1, 200: 9, "409 payment_exists": 10 });
  });

  it("confirmations charge once", async () => {
    const transaction = await shop.started({}, world);
    const answers = await twenty(() => shop.confirm(transaction));
    expect(tally(answers)).toEqual({ 200: 1, "409 state_wrong": 19 });
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
    expect(await callsOf("confirm", transaction)).toBe(1);
    expect(await booksOfPayment(transaction)).toEqual(all);
  });

  it("confirmations with good and bad cards charge a good one once", async () => {
    const transaction = await shop.started({}, world);
    const cards = ["pm_card_visa_chargeDeclined", "pm_card_visa", "pm_card_mastercard"];
    const answers = await twenty((index) => shop.confirm(transaction, { payment_method_id: cards[index % 3] }));
    const { 200: paid, "402 card_declined": declined = 0, "409 state_wrong": late = 0 } = tally(answers);
    expect([paid, declined + late]).toEqual([1, 19]);
    const { charges } = await stripeSideOf(journey, transaction);
    expect(charges.filter(({ status }) => status === "succeeded")).toHaveLength(1);
    expect(charges).toHaveLength(declined + 1);
    expect(await booksOfPayment(transaction)).toEqual(all);
  });

  it("captures take the money once", async () => {
    const transaction = await shop.paid(reserved, world);
    const answers = await twenty((index) => shop.capture(transaction, 500 + index));
    expect(tally(answers)).toEqual({ 200: 1, "409 state_wrong": 19 });
    expect(await callsOf("capture", transaction)).toBe(1);
    const captured = answers.findIndex(({ status }) => status === 200) + 500;
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: captured, seller_payable: -captured });
  });

  it("refunds of 30 % give back 90 %", async () => {
    const transaction = await shop.paid({}, world);
    const answers = await twenty(() => shop.refund(transaction, { amount: 300 }));
    expect(tally(answers)).toEqual({ 200: 3, "422 amount_exceeds_refundable": 17 });
    const { refunds } = await stripeSideOf(journey, transaction);
    expect(refunds).toEqual(Array(3).fill({ amount: 300, status: "succeeded" }));
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 100, seller_payable: -100 });
  });

  it("refunds of all of it give it back once", async () => {
    const transaction = await shop.paid({}, world);
    expect(tally(await twenty(() => shop.refund(transaction)))).toEqual({ 200: 1, "409 nothing_refundable": 19 });
    expect((await stripeSideOf(journey, transaction)).refunds).toHaveLength(1);
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("refunds of an authorisation release it once", async () => {
    const transaction = await shop.paid(reserved, world);
    expect(tally(await twenty(() => shop.refund(transaction)))).toEqual({ 200: 1, "409 nothing_refundable": 19 });
    expect(await callsOf("cancel", transaction)).toBe(1);
    expect(await stripeSideOf(journey, transaction)).toMatchObject({ status: "canceled", refunds: [] });
  });

  it("cancellations end a payment once", async () => {
    const transaction = await shop.started({}, world);
    expect(tally(await twenty(() => shop.cancel(transaction)))).toEqual({ 200: 1, "409 state_wrong": 19 });
    expect((await toldOfPayment(transaction)).filter((type) => type === "payment.canceled")).toHaveLength(1);
  });
});

describe("capture, cancel and the end of the authorisation", () => {
  /** Milliseconds by which each begins later than the first. */
  const lags = [
    [0, 0, 0],
    [0, 5, 10],
    [10, 0, 5],
    [5, 10, 0],
    [10, 5, 0],
  ] as const;

  it.each(lags)("have one winner, begun after %i, %i and %i ms", async (capturing, cancelling, expiring) => {
    const transaction = await shop.paid(reserved, world);
    await journey.advance(7 * day - 5);
    const begun = <T>(ms: number, work: () => Promise<T>) => scheduler.wait(ms).then(work);
    const [captured, cancelled] = await Promise.all([
      begun(capturing, () => shop.capture(transaction)),
      begun(cancelling, () => shop.cancel(transaction)),
      begun(expiring, () => journey.advance(10)),
    ]);
    await journey.advance(61);
    const { state } = await paymentOf(transaction);
    const won = { capture: captured.status === 200, cancel: cancelled.status === 200, end: state === "expired" };
    expect([won, state]).toBeOneOf([
      [{ capture: true, cancel: false, end: false }, "succeeded"],
      [{ capture: false, cancel: true, end: false }, "canceled"],
      [{ capture: false, cancel: false, end: true }, "expired"],
    ]);
    for (const { status } of [captured, cancelled]) expect(status).toBeOneOf([200, 409]);
    const { status, receivedMinor } = await stripeSideOf(journey, transaction);
    expect([status, receivedMinor]).toEqual(won.capture ? ["succeeded", 1000] : ["canceled", 0]);
    expect(await booksOfPayment(transaction)).toEqual(won.capture ? all : {});
    const ends = ["payment.captured", "payment.canceled", "payment.expired"];
    expect((await toldOfPayment(transaction)).filter((type) => ends.includes(type))).toHaveLength(1);
  });
});

describe("the end of an order", () => {
  it.each([0, 3, 8, 15])("and its payment, begun %i ms later, leave no money behind", async (lagMs) => {
    const transaction = await shop.ordered({}, {}, world);
    const [cancelled, confirmed] = await Promise.all([
      shop.cancelOrder(transaction),
      scheduler.wait(lagMs).then(() => shop.confirm(transaction)),
    ]);
    await journey.advance(1);
    await journey.advance(61);
    expect([cancelled.status, confirmed.status]).toBeOneOf([
      [200, 409],
      [409, 200],
    ]);
    expect(await booksOfPayment(transaction)).toEqual(confirmed.status === 200 ? all : {});
  });

  it.each([0, 3, 8])("and a new payment, begun %i ms later: there is one or there is none", async (lagMs) => {
    const orderId = newOrderId();
    await shop.putOrder(orderId, { amount: 1000, account_id: world.accountId });
    const [cancelled, made] = await Promise.all([
      shop.cancelOrder({ orderId }),
      scheduler.wait(lagMs).then(() => shop.create(world.shopper, { order_id: orderId })),
    ]);
    expect(cancelled.status).toBe(200);
    expect(made.status).toBeOneOf([201, 409]);
    await journey.advance(11);
    if (made.status === 201) {
      const transaction = { ...world, orderId, transactionId: made.body.data.transaction_id };
      expect((await stripeSideOf(journey, transaction)).status).toBe("canceled");
    }
  });

  it("and a change of it: the payment has the terms of before or of after", async () => {
    for (const lagMs of [0, 2, 5]) {
      const orderId = newOrderId();
      await shop.putOrder(orderId, { amount: 1000, account_id: world.accountId });
      const [changed, made] = await Promise.all([
        shop.putOrder(orderId, { amount: 2000, account_id: world.accountId }),
        scheduler.wait(lagMs).then(() => shop.create(world.shopper, { order_id: orderId })),
      ]);
      expect(made.status).toBe(201);
      expect(changed.status).toBeOneOf([200, 409]);
      const transaction = { ...world, orderId, transactionId: made.body.data.transaction_id };
      expect((await shop.view(transaction)).body.data.amount).toBe(changed.status === 200 ? "2000" : "1000");
    }
  });
});

describe("money that goes back twice at once", () => {
  it("through us and out-of-band never exceeds the payment", async () => {
    const transaction = await shop.paid({}, world);
    const past = () =>
      journey.stripePost("/refunds", { payment_intent: transaction.transactionId, amount: 300 }, world.accountId);
    const [ours] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => shop.refund(transaction, { amount: 300 }))),
      Promise.all(Array.from({ length: 3 }, past)),
    ]);
    await journey.advance(1);
    const { refunds } = await stripeSideOf(journey, transaction);
    expect(refunds).toHaveLength(3);
    expect(ours.every(({ status }) => [200, 409, 422].includes(status))).toBe(true);
    expect((await shop.view(transaction)).body.data.amount_refunded).toBe("900");
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 100, seller_payable: -100 });
  });
});
