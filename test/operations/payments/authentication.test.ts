import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { Shop, type Shopper, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { toldOfPayment } from "../rows";
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

const asking = { payment_method_id: "pm_card_authenticationRequired" };
const paid = { seller_balance: 1000, seller_payable: -1000 };

async function seen(transaction: Transaction) {
  return (await shop.view(transaction)).body.data;
}

describe("a bank that asks", () => {
  it("is answered with the next step, and a shopper who fails may try again", async () => {
    const transaction = await shop.started({}, world);
    const first = await shop.confirm(transaction, asking);
    expect(first.status).toBe(200);
    expect(first.body.data).toMatchObject({
      message: "Payment requires action",
      status: "requires_action",
      next_action: { type: "use_stripe_sdk" },
    });
    const { client_secret, next_action } = first.body.data;
    expect(await seen(transaction)).toMatchObject({ status: "requires_action", client_secret, next_action });

    await shop.authenticate(transaction, "fail");
    await journey.advance(1);
    expect(await seen(transaction)).toMatchObject({
      status: "requires_payment_method",
      next_action: null,
      last_error: { code: "payment_intent_authentication_failure", decline_code: null },
    });

    // The retry asks again, because the bank has not approved yet.
    expect((await shop.confirm(transaction, asking)).body.data.status).toBe("requires_action");
    await shop.authenticate(transaction, "approve");
    await journey.advance(1);
    expect(await seen(transaction)).toMatchObject({ status: "succeeded", next_action: null, last_error: null });
    const { charges } = await stripeSideOf(journey, transaction);
    expect(charges).toEqual([{ status: "succeeded", captured: 1000, refunded: 0, fee: 0 }]);
    expect(await booksOfPayment(transaction)).toEqual(paid);
    expect(await toldOfPayment(transaction)).toEqual([
      "payment.created",
      "payment.requires_action",
      "payment.failed",
      "payment.requires_action",
      "payment.succeeded",
    ]);
  });

  it("sends the shopper away and back where there is a page to come back to", async () => {
    const transaction = await shop.started({}, world);
    const return_url = "https://shop.example/paid";
    const { body } = await shop.confirm(transaction, { ...asking, return_url });
    expect(body.data.next_action).toMatchObject({ type: "redirect_to_url", redirect_to_url: { return_url } });
    const back = await shop.authenticate(transaction, "approve");
    expect(back.status).toBe(303);
    const location = new URL(back.headers.get("Location") ?? "");
    expect(location.origin + location.pathname).toBe(return_url);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      payment_intent: transaction.transactionId,
      redirect_status: "succeeded",
    });
    await journey.advance(1);
    expect((await seen(transaction)).status).toBe("succeeded");
  });

  it.each([
    ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_threeDSecureRequiredChargeDeclined", "card_declined", "generic_decline"],
  ])("and declines after a yes says why: %s", async (payment_method_id, code, decline_code) => {
    const transaction = await shop.started({}, world);
    await shop.confirm(transaction, { payment_method_id });
    await shop.authenticate(transaction, "approve");
    await journey.advance(1);
    expect(await seen(transaction)).toMatchObject({
      status: "requires_payment_method",
      last_error: { code, decline_code },
    });
    expect(await booksOfPayment(transaction)).toEqual({});
    expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
  });

  it("may be left alone: another card pays", async () => {
    const transaction = await shop.started({}, world);
    await shop.confirm(transaction, asking);
    expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
  });

  it("may be left alone: a card that is declined begins anew", async () => {
    const transaction = await shop.started({}, world);
    await shop.confirm(transaction, asking);
    await journey.events("drop");
    const declined = await shop.confirm(transaction, { payment_method_id: "pm_card_visa_chargeDeclined" });
    expect(declined.status).toBe(402);
    expect(await seen(transaction)).toMatchObject({
      status: "requires_payment_method",
      next_action: null,
      last_error: { decline_code: "generic_decline" },
    });
    expect((await toldOfPayment(transaction)).slice(1)).toEqual(["payment.requires_action", "payment.failed"]);
    expect((await shop.confirm(transaction)).body.data.status).toBe("succeeded");
  });

  it("may be left alone: the payment is cancelled, and a late yes changes nothing", async () => {
    const transaction = await shop.started({}, world);
    await shop.confirm(transaction, asking);
    expect((await shop.cancel(transaction)).body.data.status).toBe("canceled");
    await shop.authenticate(transaction, "approve");
    await journey.advance(1);
    expect(await seen(transaction)).toMatchObject({ status: "canceled", next_action: null, client_secret: null });
    expect(await booksOfPayment(transaction)).toEqual({});
  });

  it("reserves only, where the capture is manual", async () => {
    const transaction = await shop.started({ capture_method: "manual" }, world);
    await shop.confirm(transaction, asking);
    await shop.authenticate(transaction, "approve");
    await journey.advance(1);
    expect((await seen(transaction)).status).toBe("requires_capture");
    expect((await shop.capture(transaction)).body.data.amount_captured).toBe("1000");
  });
});

describe("a declined card", () => {
  it.each([
    ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"],
    ["pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", undefined],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", undefined],
    ["pm_card_chargeDeclinedProcessingError", "processing_error", undefined],
  ])("is a 402 with the bank's reason: %s", async (payment_method_id, stripe_code, decline_code) => {
    const transaction = await shop.started({}, world);
    const { status, body } = await shop.confirm(transaction, { payment_method_id });
    expect(status).toBe(402);
    expect(body).toEqual({
      detail: expect.stringMatching(/^An error occurred while confirming the payment intent.*Check if the payment/),
      code: "card_declined",
      stripe_code,
      ...(decline_code === undefined ? {} : { decline_code }),
      requestId: expect.any(String),
    });
    expect(await seen(transaction)).toMatchObject({
      status: "requires_payment_method",
      last_error: { code: stripe_code, decline_code: decline_code ?? null },
    });
    expect(await toldOfPayment(transaction)).toEqual(["payment.created", "payment.failed"]);
  });

  it("is remembered by its key, and the bank is not asked again", async () => {
    const transaction = await shop.started({}, world);
    const key = { "Idempotency-Key": "pay-1" };
    const declined = { payment_method_id: "pm_card_visa_chargeDeclinedLostCard" };
    const [first, second] = [
      await shop.confirm(transaction, declined, key),
      await shop.confirm(transaction, declined, key),
    ];
    expect([first.status, second.status]).toEqual([402, 402]);
    expect(second.headers.get("Idempotent-Replayed")).toBe("true");
    expect(second.body).toEqual({ ...first.body, requestId: expect.any(String) });
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
    const other = await shop.confirm(transaction, {}, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  });

  it("may be followed by the same once more, told each time, and by a better one", async () => {
    const transaction = await shop.started({}, world);
    const declined = { payment_method_id: "pm_card_visa_chargeDeclined" };
    expect((await shop.confirm(transaction, declined)).status).toBe(402);
    expect((await shop.confirm(transaction, declined)).status).toBe(402);
    await journey.advance(1);
    expect((await shop.confirm(transaction)).status).toBe(200);
    const { charges } = await stripeSideOf(journey, transaction);
    expect(charges.map(({ status }) => status).sort()).toEqual(["failed", "failed", "succeeded"]);
    expect(await toldOfPayment(transaction)).toEqual([
      "payment.created",
      "payment.failed",
      "payment.failed",
      "payment.succeeded",
    ]);
    expect(await booksOfPayment(transaction)).toEqual(paid);
    expect((await seen(transaction)).last_error).toBeNull();
  });

  it("is no answer to a method that nobody knows", async () => {
    const transaction = await shop.started({}, world);
    const { status, body } = await shop.confirm(transaction, { payment_method_id: "pm_of_nobody" });
    expect([status, body.code]).toEqual([422, "method_refused"]);
    expect((await seen(transaction)).status).toBe("requires_payment_method");
  });
});

describe("what was paid", () => {
  it("cannot be confirmed again, in the documented words", async () => {
    const transaction = await shop.paid({}, world);
    const again = await shop.confirm(transaction);
    expect([again.status, again.body.code]).toEqual([409, "state_wrong"]);
    expect(again.body.detail).toMatch(/it has already succeeded after being previously confirmed/);
    expect((await shop.cancel(transaction)).status).toBe(409);
    expect((await stripeSideOf(journey, transaction)).charges).toHaveLength(1);
  });
});
