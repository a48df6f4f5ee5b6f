import type Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { connect, control, eventTypes, seller, visit } from "./sandbox";

const stripe = connect();
const CARD_ONLY = { automatic_payment_methods: { enabled: true, allow_redirects: "never" } } as const;

afterEach(() => control("POST", "reset"));

describe("customers", () => {
  it("are kept per account, found and changed", async () => {
    const account = await seller(stripe);
    const customer = await stripe.customers.create({ email: "user@example.com", metadata: { user_id: "u-1" } });
    const there = await stripe.customers.create({ name: "Nobody" }, { stripeAccount: account });
    expect(await stripe.customers.update(customer.id, { name: "A. User", metadata: { user_id: "" } })).toMatchObject({
      name: "A. User",
      email: "user@example.com",
      metadata: {},
    });
    expect((await stripe.customers.list({ email: "user@example.com" })).data.map(({ id }) => id)).toEqual([
      customer.id,
    ]);
    await expect(stripe.customers.retrieve(there.id)).rejects.toMatchObject({ code: "resource_missing" });
    await expect(stripe.customers.create({ email: "nonsense" })).rejects.toMatchObject({ code: "email_invalid" });
    const events = await stripe.events.list({}, { stripeAccount: account });
    expect(events.data.find(({ type }) => type === "customer.created")).toMatchObject({ account });
  });
});

describe("payment methods", () => {
  it("are made of tokens and test values, never of card numbers", async () => {
    const method = await stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } });
    expect(method).toMatchObject({ type: "card", customer: null, card: { brand: "visa", last4: "4242" } });
    const same = await stripe.paymentMethods.retrieve("pm_card_visa");
    const debit = await stripe.paymentMethods.retrieve("pm_card_visa_debit");
    expect(same.card?.fingerprint).toBe(method.card?.fingerprint);
    expect(debit.card?.fingerprint).not.toBe(method.card?.fingerprint);
    expect(debit.card).toMatchObject({ last4: "5556", funding: "debit" });
    const raw = { number: "4242424242424242", exp_month: 12, exp_year: 2034, cvc: "123" };
    await expect(stripe.paymentMethods.create({ type: "card", card: raw })).rejects.toThrow("generally unsafe");
    await expect(
      stripe.tokens.create({ card: { number: raw.number, exp_month: "12", exp_year: "2034" } }),
    ).rejects.toThrow("generally unsafe");
    await expect(stripe.paymentMethods.create({ type: "card", card: { token: "tok_none" } })).rejects.toMatchObject({
      code: "resource_missing",
    });
    await expect(stripe.paymentMethods.retrieve("pm_none")).rejects.toMatchObject({ statusCode: 404 });
    const bank = await stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: "AT611904300234573201" },
      billing_details: { name: "A. User", email: "user@example.com" },
    });
    expect(bank).toMatchObject({ type: "sepa_debit", sepa_debit: { last4: "3201", country: "AT" } });
  });

  it("belong to one customer, until they are taken off for good", async () => {
    const [one, other] = await Promise.all([stripe.customers.create(), stripe.customers.create()]);
    const method = await stripe.paymentMethods.attach("pm_card_mastercard", { customer: one.id });
    expect(method).toMatchObject({ customer: one.id, card: { brand: "mastercard", last4: "4444" } });
    await expect(stripe.paymentMethods.attach(method.id, { customer: other.id })).rejects.toThrow(
      "already been attached",
    );
    expect((await stripe.paymentMethods.list({ customer: one.id, type: "card" })).data).toHaveLength(1);
    expect((await stripe.customers.listPaymentMethods(one.id)).data).toHaveLength(1);
    expect((await stripe.paymentMethods.update(method.id, { metadata: { preferred: "yes" } })).metadata).toEqual({
      preferred: "yes",
    });
    const renewed = { exp_month: 3, exp_year: 2041 };
    expect((await stripe.paymentMethods.update(method.id, { card: renewed })).card).toMatchObject(renewed);
    const charge = (given: Partial<Stripe.PaymentIntentCreateParams>) =>
      stripe.paymentIntents.create({ amount: 1000, currency: "usd", ...CARD_ONLY, confirm: true, ...given });
    await expect(charge({ payment_method: method.id })).rejects.toThrow("belongs to the Customer");
    await expect(charge({ payment_method: method.id, customer: other.id })).rejects.toMatchObject({
      code: "resource_missing",
    });
    expect((await charge({ payment_method: method.id, customer: one.id })).status).toBe("succeeded");
    expect((await charge({ payment_method: method.id, customer: one.id })).status).toBe("succeeded");
    expect((await stripe.paymentMethods.detach(method.id)).customer).toBeNull();
    await expect(stripe.paymentMethods.detach(method.id)).rejects.toThrow("not attached");
    await expect(stripe.paymentMethods.attach(method.id, { customer: one.id })).rejects.toThrow(
      "may not be used again",
    );
    await expect(charge({ payment_method: method.id })).rejects.toThrow("It may not be used again");
    expect(await eventTypes(stripe)).toEqual(
      expect.arrayContaining(["payment_method.attached", "payment_method.updated", "payment_method.detached"]),
    );
  });

  it("without a customer work once", async () => {
    const { id } = await stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } });
    const charge = () =>
      stripe.paymentIntents.create({ amount: 1000, currency: "usd", ...CARD_ONLY, confirm: true, payment_method: id });
    expect((await charge()).status).toBe("succeeded");
    await expect(charge()).rejects.toThrow("It may not be used again");
  });

  it("that every bank refuses cannot be attached, those that refuse a charge can", async () => {
    const customer = await stripe.customers.create();
    await expect(
      stripe.paymentMethods.attach("pm_card_chargeDeclined", { customer: customer.id }),
    ).rejects.toMatchObject({ statusCode: 402, code: "card_declined" });
    const failing = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: customer.id });
    await expect(
      stripe.paymentIntents.create({
        amount: 1000,
        currency: "usd",
        ...CARD_ONLY,
        confirm: true,
        customer: customer.id,
        payment_method: failing.id,
      }),
    ).rejects.toMatchObject({ code: "card_declined" });
  });

  it("of the platform are cloned before an account can charge them", async () => {
    const stripeAccount = await seller(stripe);
    const customer = await stripe.customers.create();
    const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    const charge = (payment_method: string) =>
      stripe.paymentIntents.create(
        { amount: 1000, currency: "usd", ...CARD_ONLY, confirm: true, payment_method },
        { stripeAccount },
      );
    await expect(charge(method.id)).rejects.toMatchObject({
      code: "resource_missing",
      param: "payment_method",
      message: expect.stringContaining("platform-owned payment method ID"),
    });
    await expect(stripe.paymentMethods.create({ payment_method: method.id }, { stripeAccount })).rejects.toThrow(
      "belongs to the Customer",
    );
    const copy = await stripe.paymentMethods.create(
      { customer: customer.id, payment_method: method.id },
      { stripeAccount },
    );
    expect(copy).toMatchObject({ customer: null, card: { fingerprint: method.card?.fingerprint } });
    expect((await charge(copy.id)).status).toBe("succeeded");
    await expect(stripe.paymentMethods.retrieve(copy.id)).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe("setting up", () => {
  it("asks the cardholder once, so that later payments need no authentication", async () => {
    const customer = await stripe.customers.create();
    const method = await stripe.paymentMethods.create({
      type: "card",
      card: { token: "tok_authenticationRequiredOnSetup" },
    });
    const intent = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: method.id,
      confirm: true,
      return_url: "https://shop.example/back",
    });
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
    const answered = await visit(`/sandbox/authenticate/${intent.id}`, {
      method: "POST",
      body: new URLSearchParams({ authentication: "approve" }),
    });
    expect(answered.headers.get("Location")).toContain(`setup_intent=${intent.id}`);
    expect((await stripe.setupIntents.retrieve(intent.id)).status).toBe("succeeded");
    expect((await stripe.paymentMethods.retrieve(method.id)).customer).toBe(customer.id);
    const paid = await stripe.paymentIntents.create({
      amount: 1000,
      currency: "usd",
      ...CARD_ONLY,
      confirm: true,
      off_session: true,
      customer: customer.id,
      payment_method: method.id,
    });
    expect(paid.status).toBe("succeeded");
  });

  it("fails with a card that the bank refuses", async () => {
    await expect(
      stripe.setupIntents.create({ payment_method: "pm_card_chargeDeclined", confirm: true }),
    ).rejects.toMatchObject({ statusCode: 402, code: "card_declined" });
    const intent = await stripe.setupIntents.create({ payment_method: "pm_card_visa" });
    expect((await stripe.setupIntents.confirm(intent.id)).status).toBe("succeeded");
    await expect(stripe.setupIntents.confirm(intent.id)).rejects.toMatchObject({
      code: "setup_intent_unexpected_state",
    });
  });
});
