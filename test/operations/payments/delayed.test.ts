import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, toldOfPayment } from "../rows";
import { stripeSideOf } from "./stripe-side";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;
let world: { accountId: string; shopper: Shopper };

beforeAll(async () => {
  shop = await Shop.open(journey);
  world = { accountId: await shop.account(), shopper: await shop.shopper() };
});

afterEach(async () => {
  await journey.events("deliver");
  await expectProof(journey);
});

const succeeding = "pm_success_at";
const failing = "pm_failed_at";

/** Confirms a debit of 10.00 that the bank decides later. */
async function underWay(method: string): Promise<Transaction> {
  const transaction = await shop.started({ currency: "eur" }, world);
  const confirmed = await shop.debit(transaction, method);
  expect(confirmed.status).toBe(200);
  expect(confirmed.body.data).toMatchObject({ message: "Payment confirmed successfully", status: "processing" });
  return transaction;
}

async function seen(transaction: Transaction) {
  return (await shop.view(transaction)).body.data;
}

/** With events a minute is enough; without them the clock checks after an hour. */
const decided = [
  ["deliver", 61],
  ["drop", 60 * 60 + 1],
] as const;

describe("a delayed method", () => {
  it.each(decided)(
    "brings no money before the bank has decided, and then all of it (events: %s)",
    async (mode, wait) => {
      const transaction = await underWay(succeeding);
      await journey.events(mode);
      expect(await booksOfPayment(transaction)).toEqual({});
      await journey.advance(wait);
      expect(await seen(transaction)).toMatchObject({ status: "succeeded", amount_captured: "1000" });
      expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 1000, seller_payable: -1000 });
      expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.processing", "payment.succeeded"]);
      expect(await paymentOf(transaction)).toMatchObject({ due_at: null });
    },
  );

  it.each(decided)("may fail, and another method may be tried (events: %s)", async (mode, wait) => {
    const transaction = await underWay(failing);
    await journey.events(mode);
    await journey.advance(wait);
    expect(await seen(transaction)).toMatchObject({
      status: "requires_payment_method",
      amount_captured: "0",
      last_error: { code: "payment_intent_payment_attempt_failed" },
    });
    expect(await booksOfPayment(transaction)).toEqual({});
    expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
    const { charges } = await stripeSideOf(journey, transaction);
    expect(charges.map(({ status }) => status).sort()).toEqual(["failed", "succeeded"]);
    expect(await toldOfPayment(transaction)).toEqual([
      "payment.created",
      "payment.processing",
      "payment.failed",
      "payment.succeeded",
    ]);
  });

  it("blocks everything else while the bank decides", async () => {
    const transaction = await underWay(succeeding);
    const answers = [
      await shop.confirm(transaction),
      await shop.cancel(transaction),
      await shop.capture(transaction),
      await shop.refund(transaction),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, "state_wrong"],
      [409, "state_wrong"],
      [409, "state_wrong"],
      [409, "nothing_refundable"],
    ]);
    await journey.advance(61);
    expect((await seen(transaction)).status).toBe("succeeded");
  });

  it("cannot reserve", async () => {
    const transaction = await shop.started({ currency: "eur", capture_method: "manual" }, world);
    const refused = await shop.debit(transaction, succeeding);
    expect([refused.status, refused.body.code]).toEqual([422, "method_refused"]);
    expect((await seen(transaction)).status).toBe("requires_payment_method");
  });
});
