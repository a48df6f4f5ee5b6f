import type Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { advance, connect, control, eventTypes, onboarded, paid, visit } from "./sandbox";

const stripe = connect();
const CARD_ONLY = { automatic_payment_methods: { enabled: true, allow_redirects: "never" } } as const;

afterEach(() => control("POST", "reset"));

function intentOf(given: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({ amount: 1000, currency: "usd", ...CARD_ONLY, ...given });
}

function paidWith(payment_method: string, given: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return intentOf({ payment_method, confirm: true, ...given });
}

describe("a PaymentIntent", () => {
  it("goes from nothing to paid, step by step", async () => {
    const intent = await intentOf({
      metadata: { order_id: "o-1" },
      description: "Order",
      receipt_email: "a@b.example",
    });
    expect(intent).toMatchObject({ status: "requires_payment_method", amount: 1000, metadata: { order_id: "o-1" } });
    expect(intent.client_secret).toMatch(/^pi_\w+_secret_\w+$/);
    const ready = await stripe.paymentIntents.update(intent.id, { payment_method: "pm_card_visa", amount: 1200 });
    expect(ready).toMatchObject({ status: "requires_confirmation", amount: 1200 });
    const paid = await stripe.paymentIntents.confirm(intent.id, { expand: ["latest_charge.balance_transaction"] });
    expect(paid).toMatchObject({
      status: "succeeded",
      amount_received: 1200,
      payment_method: ready.payment_method,
      latest_charge: {
        status: "succeeded",
        captured: true,
        payment_method: ready.payment_method,
        payment_method_details: { card: { brand: "visa", last4: "4242", exp_month: 12, funding: "credit" } },
        balance_transaction: { amount: 1200, fee: 43, net: 1157 },
      },
    });
    expect(await eventTypes(stripe)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
    await expect(stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" })).rejects.toMatchObject({
      statusCode: 400,
      code: "payment_intent_unexpected_state",
      message:
        "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
    });
    await expect(stripe.paymentIntents.update(intent.id, { amount: 900 })).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    await expect(stripe.paymentIntents.cancel(intent.id)).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    expect((await stripe.paymentIntents.update(intent.id, { description: "Later" })).description).toBe("Later");
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  });

  it.each([
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_chargeCustomerFail", "card_declined", "generic_decline"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", undefined],
  ])("is declined with %s and can be paid afterwards", async (method, code, decline_code) => {
    const intent = await intentOf();
    const error = await stripe.paymentIntents
      .confirm(intent.id, { payment_method: method })
      .catch((thrown: Stripe.errors.StripeCardError) => thrown);
    expect(error).toMatchObject({ type: "StripeCardError", statusCode: 402, code });
    expect((error as Stripe.errors.StripeCardError).decline_code || undefined).toBe(decline_code);
    const failed = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
    expect(failed).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      last_payment_error: { code, payment_method: { object: "payment_method" } },
      latest_charge: { status: "failed", balance_transaction: null },
    });
    expect((await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" })).status).toBe(
      "succeeded",
    );
    expect(await eventTypes(stripe)).toEqual([
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  it("stays when it is declined at once, and repeats the decline under its key", async () => {
    const pay = () =>
      stripe.paymentIntents.create(
        { amount: 1000, currency: "usd", ...CARD_ONLY, payment_method: "pm_card_chargeDeclined", confirm: true },
        { idempotencyKey: "k-1" },
      );
    const first = await pay().catch((error: Stripe.errors.StripeCardError) => error);
    const second = await pay().catch((error: Stripe.errors.StripeCardError) => error);
    const id = (first as Stripe.errors.StripeCardError).payment_intent?.id;
    expect((second as Stripe.errors.StripeCardError).payment_intent?.id).toBe(id);
    expect((await stripe.paymentIntents.list()).data.map((intent) => intent.id)).toEqual([id]);
  });

  it("refuses what Stripe refuses", async () => {
    await expect(intentOf({ amount: 49 })).rejects.toMatchObject({
      code: "amount_too_small",
      param: "amount",
      message: "Amount must be at least $0.50 usd",
    });
    await expect(intentOf({ amount: 100_000_000 })).rejects.toMatchObject({ code: "amount_too_large" });
    await expect(intentOf({ customer: "cus_none" })).rejects.toMatchObject({
      code: "resource_missing",
      param: "customer",
    });
    await expect(intentOf({ application_fee_amount: 10 })).rejects.toMatchObject({ param: "application_fee_amount" });
    await expect(intentOf({ return_url: "https://shop.example" })).rejects.toMatchObject({ param: "return_url" });
    const open = await intentOf();
    await expect(stripe.paymentIntents.confirm(open.id)).rejects.toThrow("missing a payment method");
    await expect(stripe.paymentIntents.confirm(open.id, { payment_method: "pm_none" })).rejects.toMatchObject({
      statusCode: 400,
      code: "resource_missing",
      message: "No such PaymentMethod: 'pm_none'",
    });
    await expect(stripe.paymentIntents.retrieve("pi_none")).rejects.toMatchObject({ statusCode: 404 });
    await expect(stripe.paymentIntents.capture(open.id)).rejects.toThrow("has a status of requires_payment_method");
    await expect(stripe.refunds.create({ payment_intent: open.id })).rejects.toThrow("successful charge to refund");
    await expect(
      stripe.paymentIntents.create({ amount: 1000, currency: "usd", payment_method: "pm_card_visa", confirm: true }),
    ).rejects.toThrow("return_url");
  });

  it("can be cancelled while nobody has paid", async () => {
    const intent = await intentOf({ payment_method: "pm_card_visa" });
    expect(await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: "abandoned" })).toMatchObject({
      status: "canceled",
      cancellation_reason: "abandoned",
    });
    await expect(stripe.paymentIntents.confirm(intent.id)).rejects.toThrow("has a status of canceled");
    await expect(stripe.paymentIntents.cancel(intent.id)).rejects.toThrow("has a status of canceled");
    expect(await eventTypes(stripe)).toEqual(["payment_intent.created", "payment_intent.canceled"]);
  });

  it.each([
    ["pm_success_at", "succeeded", "payment_intent.succeeded"],
    ["pm_failed_at", "requires_payment_method", "payment_intent.payment_failed"],
  ])("waits for a bank debit: %s ends %s", async (method, status, type) => {
    const given = { currency: "eur", allowed_payment_method_types: ["sepa_debit"] as "sepa_debit"[] };
    const intent = await stripe.paymentIntents.create({
      amount: 1000,
      ...given,
      payment_method: method,
      mandate_data: { customer_acceptance: { type: "offline" } },
      confirm: true,
    });
    expect(intent.status).toBe("processing");
    await expect(stripe.paymentIntents.cancel(intent.id)).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    await advance(61);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
    expect(await eventTypes(stripe)).toEqual(expect.arrayContaining(["payment_intent.processing", type]));
    await expect(
      stripe.paymentIntents.create({
        amount: 1000,
        ...given,
        payment_method: "pm_success_at",
        capture_method: "manual",
        confirm: true,
      }),
    ).rejects.toMatchObject({ code: "payment_intent_incompatible_payment_method" });
  });

  it("of a direct debit is not for dollars", async () => {
    await expect(paidWith("pm_success_at")).rejects.toMatchObject({
      code: "payment_intent_incompatible_payment_method",
    });
  });
});

describe("authentication", () => {
  const asked = async (given: Partial<Stripe.PaymentIntentConfirmParams> = {}) => {
    const { id } = await intentOf();
    return stripe.paymentIntents.confirm(id, { payment_method: "pm_card_authenticationRequired", ...given });
  };
  const answer = (intent: Stripe.PaymentIntent, authentication: string) =>
    visit(`/sandbox/authenticate/${intent.id}`, { method: "POST", body: new URLSearchParams({ authentication }) });

  it("is asked for on a page that leads back", async () => {
    const intent = await asked({ return_url: "https://shop.example/back?order=1" });
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
    const path = new URL(intent.next_action?.redirect_to_url?.url ?? "").pathname;
    expect(await (await visit(path)).text()).toContain("3184");
    const answered = await answer(intent, "approve");
    const location = new URL(answered.headers.get("Location") ?? "");
    expect([answered.status, location.searchParams.get("payment_intent"), location.searchParams.get("order")]).toEqual([
      303,
      intent.id,
      "1",
    ]);
    expect(location.searchParams.get("redirect_status")).toBe("succeeded");
    const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
    expect(paid).toMatchObject({
      status: "succeeded",
      next_action: null,
      latest_charge: { payment_method_details: { card: { three_d_secure: { result: "authenticated" } } } },
    });
    expect((await answer(intent, "fail")).status).toBe(303);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    expect(await eventTypes(stripe)).toEqual([
      "payment_intent.created",
      "payment_intent.requires_action",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  it("that fails leaves no charge, and another method may be tried", async () => {
    const intent = await asked();
    expect(intent.next_action?.type).toBe("use_stripe_sdk");
    expect((await answer(intent, "fail")).status).toBe(200);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: "requires_payment_method",
      latest_charge: null,
      last_payment_error: { code: "payment_intent_authentication_failure", type: "invalid_request_error" },
    });
    expect((await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" })).status).toBe(
      "succeeded",
    );
    expect((await visit("/sandbox/authenticate/pi_none")).status).toBe(404);
  });

  it("may end in a decline all the same", async () => {
    const intent = await asked({ payment_method: "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds" });
    await answer(intent, "approve");
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "card_declined", decline_code: "insufficient_funds" },
    });
  });

  it.each([{ off_session: true }, { error_on_requires_action: true }])(
    "declines when nobody can be asked: %o",
    async (given) => {
      await expect(paidWith("pm_card_authenticationRequired", given)).rejects.toMatchObject({
        statusCode: 402,
        code: "authentication_required",
        decline_code: "authentication_required",
      });
    },
  );
});

describe("manual capture", () => {
  it("reserves first and takes a part later; the rest is released", async () => {
    const intent = await paidWith("pm_card_visa", { capture_method: "manual", expand: ["latest_charge"] });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(intent).toMatchObject({ status: "requires_capture", amount_capturable: 1000, amount_received: 0 });
    expect(charge).toMatchObject({ captured: false, amount_captured: 0, balance_transaction: null });
    expect(charge.payment_method_details?.card?.capture_before).toBe(charge.created + 7 * 86_400);
    await expect(stripe.refunds.create({ payment_intent: intent.id })).rejects.toThrow("successful charge to refund");
    await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({ code: "charge_not_refundable" });
    await expect(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1001 })).rejects.toMatchObject({
      code: "amount_too_large",
      param: "amount_to_capture",
    });
    const captured = await stripe.paymentIntents.capture(intent.id, {
      amount_to_capture: 700,
      expand: ["latest_charge.balance_transaction", "latest_charge.refunds"],
    });
    expect(captured).toMatchObject({
      status: "succeeded",
      amount_received: 700,
      amount_capturable: 0,
      latest_charge: {
        captured: true,
        amount: 1000,
        amount_captured: 700,
        amount_refunded: 0,
        refunded: false,
        balance_transaction: { amount: 700 },
        refunds: { data: [] },
      },
    });
    await expect(stripe.paymentIntents.capture(intent.id)).rejects.toThrow("has already been captured");
    await expect(stripe.refunds.create({ payment_intent: intent.id, amount: 701 })).rejects.toMatchObject({
      param: "amount",
    });
    await stripe.refunds.create({ payment_intent: intent.id });
    expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ refunded: true, amount_refunded: 700 });
    expect((await eventTypes(stripe)).slice(0, 5)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
      "charge.captured",
      "payment_intent.succeeded",
    ]);
    await advance(8 * 86_400);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
  });

  it("gives everything back when it is cancelled", async () => {
    const intent = await paidWith("pm_card_visa", { capture_method: "manual" });
    expect((await stripe.paymentIntents.cancel(intent.id)).status).toBe("canceled");
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({
      captured: false,
      refunded: false,
      amount_captured: 0,
      amount_refunded: 0,
    });
    expect((await stripe.balanceTransactions.list()).data).toEqual([]);
    await expect(stripe.paymentIntents.capture(intent.id)).rejects.toThrow("has a status of canceled");
    expect((await stripe.refunds.list({ payment_intent: intent.id })).data).toEqual([]);
    expect((await eventTypes(stripe)).slice(-2)).toEqual([
      "payment_intent.amount_capturable_updated",
      "payment_intent.canceled",
    ]);
  });

  it("runs out after a week", async () => {
    const intent = await paidWith("pm_card_visa", { capture_method: "manual" });
    await advance(7 * 86_400 - 10);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("requires_capture");
    await advance(11);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: "canceled",
      cancellation_reason: "expired",
      amount_capturable: 0,
    });
    expect((await eventTypes(stripe)).slice(-2)).toEqual(["charge.expired", "payment_intent.canceled"]);
  });

  it("takes what is left under a lost answer once", async () => {
    const intent = await paidWith("pm_card_visa", { capture_method: "manual" });
    await control("POST", "faults", { match: "POST /v1/payment_intents/*/capture", kind: "timeout_after" });
    const capture = () => stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: "capture-1" });
    await expect(capture()).rejects.toMatchObject({ type: "StripeConnectionError" });
    expect((await capture()).amount_received).toBe(1000);
    expect((await stripe.balanceTransactions.list({ type: "charge" })).data).toHaveLength(1);
  });
});

describe("whatever happens at once or on the way", () => {
  it("is captured or cancelled by one of many", async () => {
    const intent = await paidWith("pm_card_visa", { capture_method: "manual" });
    const attempts = Array.from({ length: 20 }, (_, index) =>
      index % 5 === 4 ? stripe.paymentIntents.cancel(intent.id) : stripe.paymentIntents.capture(intent.id),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const losers = results.filter((result) => result.status === "rejected");
    expect(new Set(losers.map(({ reason }) => reason.code))).toEqual(new Set(["payment_intent_unexpected_state"]));
  });

  it("is refunded no further than it was paid", async () => {
    const { id } = await paidWith("pm_card_visa");
    const attempts = Array.from({ length: 20 }, () => stripe.refunds.create({ payment_intent: id, amount: 300 }));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  });

  it.each(["timeout_before", "500", "429", "reset", "timeout_after", "truncated"] as const)(
    "charges once when the call ends in %s and is repeated",
    async (kind) => {
      await control("POST", "faults", { match: "POST /v1/payment_intents", kind });
      const params = { amount: 1000, currency: "usd", ...CARD_ONLY, payment_method: "pm_card_visa", confirm: true };
      const pay = () => stripe.paymentIntents.create(params, { idempotencyKey: `pay-${kind}` });
      await pay().catch(() => null);
      expect((await pay()).status).toBe("succeeded");
      expect((await stripe.charges.list()).data).toHaveLength(1);
      expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
    },
  );
});

describe("late fees", () => {
  it("come with charge.updated, some seconds after the success", async () => {
    await control("POST", "fees", { mode: "late" });
    const intent = await paidWith("pm_card_visa", { expand: ["latest_charge"] });
    const charge = intent.latest_charge as Stripe.Charge;
    expect([intent.status, charge.balance_transaction]).toEqual(["succeeded", null]);
    expect((await stripe.balance.retrieve()).pending).toMatchObject([{ amount: 0 }]);
    await advance(6);
    const posted = await stripe.charges.retrieve(charge.id, { expand: ["balance_transaction"] });
    expect(posted.balance_transaction).toMatchObject({ net: 960, available_on: charge.created + 2 * 86_400 });
    const { data } = await stripe.events.list({ type: "charge.updated" });
    expect(data).toMatchObject([{ data: { previous_attributes: { balance_transaction: null } } }]);
    const synchronous = await paidWith("pm_card_visa", { capture_method: "automatic", expand: ["latest_charge"] });
    expect((synchronous.latest_charge as Stripe.Charge).balance_transaction).not.toBeNull();
    expect((await control("POST", "fees", { mode: "never" })).status).toBe(400);
  });

  it("of a checkout do not keep its transfer from being sent", async () => {
    await control("POST", "fees", { mode: "late" });
    const expert = await onboarded(stripe);
    const { charge } = await paid(stripe);
    expect(charge.balance_transaction).toBeNull();
    const transfer = await stripe.transfers.create({
      amount: 10_000,
      currency: "eur",
      destination: expert,
      source_transaction: charge.id,
      expand: ["balance_transaction"],
    });
    await advance(6);
    const posted = await stripe.charges.retrieve(charge.id, { expand: ["balance_transaction"] });
    const availableOn = (posted.balance_transaction as Stripe.BalanceTransaction).available_on;
    expect(transfer.balance_transaction).toMatchObject({ available_on: availableOn });
    expect((await stripe.balance.retrieve()).pending).toMatchObject([{ amount: 11_893 - 10_000 }]);
  });
});

describe("a mandate", () => {
  const given = { currency: "eur", payment_method: "pm_success_at", confirm: true } as const;

  it("must have been given: the payment waits for its confirmation", async () => {
    const intent = await intentOf({ currency: "eur" });
    const refused = await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_success_at" }).catch((e) => e);
    expect(refused).toMatchObject({ statusCode: 400, type: "StripeInvalidRequestError", code: undefined });
    expect(refused.message).toContain("requires a mandate, but no existing mandate was found");
    expect(refused.payment_intent).toMatchObject({ id: intent.id, status: "requires_confirmation" });
    const mandate_data = { customer_acceptance: { type: "offline" } } as const;
    expect((await stripe.paymentIntents.confirm(intent.id, { mandate_data })).status).toBe("processing");
  });

  it("needs an address and a browser where it was given online", async () => {
    const mandate_data = { customer_acceptance: { type: "online" } } as const;
    await expect(intentOf({ ...given, mandate_data })).rejects.toMatchObject({
      code: "parameter_missing",
      param: "mandate_data[customer_acceptance][online][ip_address]",
    });
  });

  it("is asked for by a SetupIntent, and lasts", async () => {
    const customer = await stripe.customers.create();
    const method = await stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: "AT611904300234573201" },
    });
    const setup = { customer: customer.id, payment_method: method.id, confirm: true } as const;
    await expect(stripe.setupIntents.create(setup)).rejects.toMatchObject({ code: "parameter_missing" });
    const mandate_data = { customer_acceptance: { type: "offline" } } as const;
    expect((await stripe.setupIntents.create({ ...setup, mandate_data })).status).toBe("succeeded");
    const paid = await intentOf({ ...given, payment_method: method.id, customer: customer.id });
    expect(paid.status).toBe("processing");
  });
});
