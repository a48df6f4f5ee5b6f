import { beforeAll, describe, expect, it } from "vitest";
import { newOrderId, Shop, type Shopper } from "../../shop";
import { journey } from "../checked";

let shop: Shop;
let shopper: Shopper;
let accountId: string;
beforeAll(async () => {
  shop = await Shop.open(journey);
  shopper = await shop.shopper();
  accountId = await shop.account();
});

const world = () => ({ shopper, accountId });
const create = (amount: number, currency: string) =>
  shop.create(shopper, { order_id: newOrderId(), account_id: accountId, amount, currency });
const put = (terms: object) => shop.putOrder(newOrderId(), { account_id: accountId, ...terms });

describe("an amount in its currency", () => {
  it.each([
    ["gbp", 30],
    ["idr", 1_000_000_000],
    ["idr", 999_999_999_999],
    ["inr", 999_999_999],
    ["jpy", 50],
    ["kwd", 99_999_990],
    ["isk", 500],
  ])("in %s of %i is paid and given back, by itself and by its order", async (currency, amount) => {
    const paid = await shop.paid({ amount, currency }, world());
    expect((await shop.refund(paid)).body.data).toMatchObject({ status: "succeeded", amount: `${amount}` });
    const ordered = await shop.ordered({ amount, currency }, {}, world());
    expect((await shop.confirm(ordered)).status).toBe(200);
  });

  it.each([
    ["gbp", 29, "must be from 30 to 99999999 in gbp"],
    ["usd", 100_000_000, "must be from 50 to 99999999 in usd"],
    ["huf", 17_499, "must be from 17500 to 99999999 in huf"],
    ["inr", 1_000_000_000, "must be from 50 to 999999999 in inr"],
    ["kwd", 1_005, "must be from 10 to 99999990, and a multiple of 10, in kwd"],
    ["isk", 550, "must be from 100 to 99999900, and a multiple of 100, in isk"],
    ["ugx", 50, "must be from 100 to 99999900, and a multiple of 100, in ugx"],
  ])("in %s of %i is refused, and the bounds are named", async (currency, amount, words) => {
    const made = await create(amount, currency);
    expect([made.status, made.body.code]).toEqual([422, "amount_refused"]);
    const message = `An error occurred while creating the payment intent. The amount ${words}.`;
    expect(made.body.details).toEqual({ message, errors: { amount: [message] } });
    const ordered = await put({ amount, currency });
    expect([ordered.status, ordered.body.details.errors]).toEqual([422, { amount: [`amount ${words}`] }]);
  });

  it("is of one that Stripe charges", async () => {
    for (const answer of [await create(1_000, "XAU"), await put({ amount: 1_000, currency: "irr" })]) {
      const errors = { currency: ["currency must be a currency that Stripe charges"] };
      expect([answer.status, answer.body.details.errors]).toEqual([422, errors]);
    }
  });
});

describe("a part, and our fee of it", () => {
  it.each([
    ["kwd", 1_000, 50, 330, "20"], // 16.5 thousandths
    ["isk", 1_000, 100, 400, "100"], // Stripe takes no fee of nothing
    ["usd", 1_000, 5, 100, "1"],
  ])("in %s are what the currency can carry", async (currency, amount, fee, part, captured) => {
    const terms = { amount, currency, application_fee_amount: fee };
    const reserved = await shop.ordered(terms, { capture_method: "manual" }, world());
    await shop.confirm(reserved);
    expect((await shop.capture(reserved, part)).status).toBe(200);
    const { data } = (await shop.view(reserved)).body;
    expect([data.status, data.amount_captured]).toEqual(["succeeded", `${part}`]);
    const intent = await journey.stripe(`/payment_intents/${reserved.transactionId}`, accountId);
    expect(intent.application_fee_amount).toBe(Number(captured));
    expect((await journey.ledgerCheck()).ok).toBe(true);
  });

  it("are refused between the steps", async () => {
    const fee = await put({ amount: 1_000, currency: "kwd", application_fee_amount: 25 });
    const errors = { application_fee_amount: ["application_fee_amount must be a multiple of 10 in kwd"] };
    expect([fee.status, fee.body.details.errors]).toEqual([422, errors]);
    const reserved = await shop.paid({ amount: 1_000, currency: "tnd", capture_method: "manual" }, world());
    const captured = await shop.capture(reserved, 335);
    const words = "amount_to_capture must be a multiple of 10 in tnd";
    expect([captured.status, captured.body.details.errors]).toEqual([422, { amount_to_capture: [words] }]);
    const paid = await shop.paid({ amount: 1_000, currency: "isk" }, world());
    const refunded = await shop.refund(paid, { amount: 250 });
    expect([refunded.status, refunded.body.code]).toEqual([422, "amount_refused"]);
    expect(refunded.body.details.errors).toEqual({ amount: ["amount must be a multiple of 100 in isk"] });
    expect((await shop.refund(paid, { amount: 200 })).status).toBe(200);
  });
});
