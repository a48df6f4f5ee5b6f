import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop } from "../../shop";
import { expectBooks } from "../books";

const journey = new Journey((request) => exports.default.fetch(request));
let shop: Shop;

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
});

/** The ledger of a payment of 10.00; Stripe bills the platform separately. */
const paid = { seller_balance: 1000, seller_payable: -1000 };

describe("an immediate payment", () => {
  it("is made, paid and booked", async () => {
    const transaction = await shop.started();
    expect((await shop.view(transaction)).body.data.status).toBe("requires_payment_method");
    const confirmed = await shop.confirm(transaction);
    expect(confirmed.status).toBe(200);
    expect(confirmed.body.data).toMatchObject({ message: "Payment confirmed successfully", status: "succeeded" });
    expect((await shop.view(transaction)).body.data).toMatchObject({ status: "succeeded", amount_captured: "1000" });
    await expectBooks(journey, paid, "usd");
  });

  it("goes back in parts, and is over when all of it did", async () => {
    const transaction = await shop.paid();
    const first = await shop.refund(transaction, { amount: 400 });
    expect(first.body.data).toMatchObject({ status: "succeeded", amount: "400" });
    await shop.refund(transaction);
    expect((await shop.view(transaction)).body.data).toMatchObject({ amount_refunded: "1000" });
    expect((await shop.refund(transaction)).status).toBe(409);
    await journey.advance(60);
    // Stripe bills its own 1.5 % and 25 cents to the platform, and does not return them.
    await expectBooks(journey, { stripe_balance: -40, stripe_fees: 40 }, "usd");
  });
});
