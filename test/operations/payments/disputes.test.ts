import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { paymentOf, rows, toldOfPayment } from "../rows";
import { chargeIdOf } from "./stripe-side";

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
  await journey.events("deliver");
  await expectProof(journey);
});

async function paid({ fee = 0, card = "pm_card_visa" } = {}): Promise<Transaction> {
  const transaction = await shop.ordered({ application_fee_amount: fee }, {}, world);
  expect((await shop.confirm(transaction, { payment_method_id: card })).body.data.status).toBe("succeeded");
  return transaction;
}

/** Disputes the payment. Returns the dispute's id. */
async function dispute(transaction: Transaction): Promise<string> {
  return (await journey.control("POST", "disputes", { charge: await chargeIdOf(journey, transaction) })).body.id;
}

function decide(id: string, status: "won" | "lost") {
  return journey.control("POST", "disputes", { dispute: id, status });
}

async function disputesOf(transaction: Transaction) {
  const { id } = await paymentOf(transaction);
  return rows("select state, amount_minor from payment_disputes where payment_id = ?", id);
}

const kept = { seller_balance: 950, seller_payable: -950, application_fees: -50, stripe_balance: 50 };
const withheld = { seller_balance: -50, seller_payable: 50, application_fees: -50, stripe_balance: 50 };

describe("a dispute", () => {
  it.each([
    ["won", "deliver", kept],
    ["lost", "deliver", withheld],
    ["won", "duplicate", kept],
    ["lost", "shuffle", withheld],
    ["won", "drop", kept],
    ["lost", "drop", withheld],
  ] as const)("takes the money, and is %s (events: %s)", async (end, mode, books) => {
    const transaction = await paid({ fee: 50 });
    await journey.events(mode);
    const noticed = () => journey.advance(mode === "drop" ? day + minute : 1);
    const id = await dispute(transaction);
    await noticed();
    expect(await disputesOf(transaction)).toEqual([{ state: "open", amount_minor: 1000 }]);
    expect(await booksOfPayment(transaction)).toEqual(withheld);
    const refused = await shop.refund(transaction);
    expect([refused.status, refused.body.code]).toEqual([409, "nothing_refundable"]);
    expect((await shop.view(transaction)).body.data.amount_refunded).toBe("0");
    await decide(id, end);
    await noticed();
    expect(await disputesOf(transaction)).toEqual([{ state: end, amount_minor: 1000 }]);
    expect(await booksOfPayment(transaction)).toEqual(books);
    const about = (await toldOfPayment(transaction)).filter((type) => type.startsWith("dispute."));
    expect(about).toEqual(["dispute.opened", "dispute.closed"]);
    // A lost dispute took the money from the seller, so the order may be paid again.
    expect(await paymentOf(transaction)).toMatchObject({ due_at: null, live: end === "won" ? 1 : null });
  });

  it("of what a refund had left concerns the rest", async () => {
    const transaction = await paid();
    await shop.refund(transaction, { amount: 300 });
    const id = await dispute(transaction);
    await journey.advance(1);
    expect(await disputesOf(transaction)).toEqual([{ state: "open", amount_minor: 700 }]);
    expect(await booksOfPayment(transaction)).toEqual({});
    await decide(id, "won");
    await journey.advance(1);
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 700, seller_payable: -700 });
    expect((await shop.refund(transaction)).body.data).toMatchObject({ status: "succeeded", amount: "700" });
  });

  it("comes by itself with a card of fraudsters", async () => {
    const transaction = await paid({ card: "pm_card_createDispute" });
    await journey.advance(minute + 1);
    expect(await disputesOf(transaction)).toMatchObject([{ state: "open" }]);
    expect(await booksOfPayment(transaction)).toEqual({});
  });
});
