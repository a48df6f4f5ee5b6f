import type Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { advance, connect, control, eventTypes, onboarded, paid, seller } from "./sandbox";

const stripe = connect();

const CARD_ONLY = { automatic_payment_methods: { enabled: true, allow_redirects: "never" as const } };

afterEach(() => control("POST", "reset"));

async function balance(): Promise<number> {
  const { available, pending } = await stripe.balance.retrieve();
  return [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0);
}

/** Makes a payment on a connected account. */
async function directCharge(): Promise<{ account: string; charge: Stripe.Charge }> {
  const account = await seller(stripe);
  const intent = await stripe.paymentIntents.create(
    { amount: 3000, currency: "usd", payment_method: "pm_card_visa", confirm: true, ...CARD_ONLY },
    { stripeAccount: account },
  );
  const charge = await stripe.charges.retrieve(String(intent.latest_charge), {}, { stripeAccount: account });
  return { account, charge };
}

describe("out-of-band refunds", () => {
  it("return a part or the rest, and are told like any other", async () => {
    const { charge } = await paid(stripe);
    const part = await control("POST", "refunds", { charge: charge.id, amount: 100 });
    expect(part).toMatchObject({ object: "refund", amount: 100, status: "succeeded", metadata: {} });
    expect(await control("POST", "refunds", { charge: charge.id })).toMatchObject({ amount: charge.amount - 100 });
    expect(await control("POST", "refunds", { charge: charge.id })).toMatchObject({ status: 400 });
    expect((await stripe.charges.retrieve(charge.id)).refunded).toBe(true);
    const types = await eventTypes(stripe);
    expect(types.filter((type) => type === "charge.refunded")).toHaveLength(2);
  });

  it("return a payment of a connected account", async () => {
    const { account, charge } = await directCharge();
    const refund = await control("POST", "refunds", { charge: charge.id, amount: 500 });
    expect(await stripe.refunds.retrieve(refund.id, {}, { stripeAccount: account })).toMatchObject({ amount: 500 });
  });

  it("leave what is planned for the application's own refunds alone", async () => {
    const { charge } = await paid(stripe);
    await control("POST", "refunds", { next: "fail" });
    const byAnother = await control("POST", "refunds", { charge: charge.id, amount: 100, plan: "pending_then_fail" });
    expect(byAnother).toMatchObject({ status: "pending" });
    expect(await stripe.refunds.create({ charge: charge.id, amount: 100 })).toMatchObject({ status: "failed" });
  });

  it("fail weeks after they succeeded, and give the money back to the platform", async () => {
    const { charge } = await paid(stripe);
    const before = await balance();
    const refund = await stripe.refunds.create({ charge: charge.id });
    await advance(20 * 24 * 60 * 60);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: "succeeded" });
    await control("POST", "refunds", { refund: refund.id, status: "failed" });
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: "failed" });
    expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect(await balance()).toBe(before);
    expect(await eventTypes(stripe)).toContain("refund.failed");
    expect(await control("POST", "refunds", { refund: refund.id, status: "succeeded" })).toMatchObject({ status: 400 });
  });

  it("that are pending end when they are told to, and only then", async () => {
    const { charge } = await paid(stripe);
    const pending = { charge: charge.id, amount: 100, plan: "pending_then_fail" };
    const refund = await control("POST", "refunds", pending);
    await control("POST", "refunds", { refund: refund.id, status: "succeeded" });
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: "succeeded" });
    const other = await control("POST", "refunds", { ...pending, plan: "pending_then_succeed" });
    await control("POST", "refunds", { refund: other.id, status: "failed" });
    await advance(61);
    expect(await stripe.refunds.retrieve(other.id)).toMatchObject({ status: "failed" });
  });
});

describe("money that went back", () => {
  it("does not stop a transfer from its charge: Stripe promises no such thing", async () => {
    const expert = await onboarded(stripe);
    const { charge } = await paid(stripe);
    await control("POST", "refunds", { charge: charge.id });
    const transfer = { amount: charge.amount, currency: "eur", destination: expert, source_transaction: charge.id };
    expect(await stripe.transfers.create(transfer)).toMatchObject({ amount: charge.amount });
    await expect(stripe.transfers.create({ ...transfer, amount: 1 })).rejects.toMatchObject({ param: "amount" });
  });

  it("is taken back from a transfer out-of-band, in parts", async () => {
    const expert = await onboarded(stripe);
    const { charge } = await paid(stripe, "4000000000000077");
    const { id } = await stripe.transfers.create({ amount: 900, currency: "eur", destination: expert });
    expect(charge.status).toBe("succeeded");
    expect(await control("POST", "reversals", { transfer: id, amount: 300 })).toMatchObject({ amount: 300 });
    expect(await control("POST", "reversals", { transfer: id })).toMatchObject({ amount: 600 });
    expect(await stripe.transfers.retrieve(id)).toMatchObject({ amount_reversed: 900, reversed: true });
  });
});

describe("disputes", () => {
  it("withhold what is left, a part, or more than is left", async () => {
    const withheld = async (amount?: number) => {
      const { charge } = await paid(stripe, "4000000000000077");
      await control("POST", "refunds", { charge: charge.id, amount: 2100 });
      const before = await balance();
      await control("POST", "disputes", { charge: charge.id, ...(amount === undefined ? {} : { amount }) });
      return before - (await balance()) - 2000;
    };
    expect([await withheld(), await withheld(500), await withheld(12_100)]).toEqual([10_000, 500, 12_100]);
    const { charge } = await paid(stripe);
    expect(await control("POST", "disputes", { charge: charge.id, amount: 12_101 })).toMatchObject({ status: 400 });
  });

  it("begin as an inquiry that takes nothing and can be refunded", async () => {
    const { charge } = await paid(stripe, "4000000000000077");
    const before = await balance();
    const inquiry = await control("POST", "disputes", { charge: charge.id, inquiry: true });
    expect(inquiry).toMatchObject({ status: "warning_needs_response", is_charge_refundable: true });
    expect(await control("POST", "disputes", { dispute: inquiry.id, status: "lost" })).toMatchObject({ status: 400 });
    expect(await balance()).toBe(before);
    expect((await stripe.refunds.create({ charge: charge.id, amount: 100 })).status).toBe("succeeded");
    await control("POST", "disputes", { dispute: inquiry.id, status: "warning_closed" });
    expect(await stripe.disputes.retrieve(inquiry.id)).toMatchObject({ status: "warning_closed" });
    expect(await balance()).toBe(before - 100);
  });

  it("grow out of an inquiry, less what was refunded meanwhile", async () => {
    const { charge } = await paid(stripe, "4000000000000077");
    const inquiry = await control("POST", "disputes", { charge: charge.id, inquiry: true });
    await control("POST", "refunds", { charge: charge.id, amount: 2100 });
    const before = await balance();
    const dispute = await control("POST", "disputes", { dispute: inquiry.id, status: "needs_response" });
    expect(dispute).toMatchObject({ status: "needs_response", amount: 10_000 });
    expect(await balance()).toBe(before - 10_000 - 2000);
    await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({ code: "charge_disputed" });
    expect(await control("POST", "disputes", { dispute: dispute.id, status: "lost" })).toMatchObject({
      status: "lost",
    });
  });

  it("take a payment of a connected account back from there", async () => {
    const { account, charge } = await directCharge();
    const dispute = await control("POST", "disputes", { charge: charge.id, amount: 1000 });
    expect(await stripe.disputes.retrieve(dispute.id, {}, { stripeAccount: account })).toMatchObject({ amount: 1000 });
  });
});

describe("an outage", () => {
  it("breaks every call until its hours are over", async () => {
    await control("POST", "outage", { seconds: 7200 });
    await expect(stripe.balance.retrieve()).rejects.toMatchObject({ statusCode: 500 });
    await advance(7000);
    await expect(stripe.charges.list()).rejects.toMatchObject({ statusCode: 500 });
    expect(await control("GET", "faults")).toMatchObject({ outage: { kind: "500" } });
    await advance(201);
    expect((await stripe.charges.list()).data).toEqual([]);
    expect(await control("GET", "faults")).toMatchObject({ outage: null });
  });

  it("ends when nothing is to be broken any more", async () => {
    await control("POST", "outage", { seconds: 7200, kind: "429" });
    await expect(stripe.balance.retrieve()).rejects.toMatchObject({ statusCode: 429 });
    await control("DELETE", "faults");
    expect((await stripe.balance.retrieve()).object).toBe("balance");
    expect((await control("POST", "outage", { seconds: 0 })).status).toBe(400);
  });
});
