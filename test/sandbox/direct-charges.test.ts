import type Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { advance, connect, control, eventTypes, onboarded, seller } from "./sandbox";

const stripe = connect();
const CARD_ONLY = { automatic_payment_methods: { enabled: true, allow_redirects: "never" } } as const;

afterEach(() => control("POST", "reset"));

async function directCharge(
  stripeAccount: string,
  given: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<{ intent: Stripe.PaymentIntent; charge: Stripe.Charge }> {
  const intent = await stripe.paymentIntents.create(
    {
      amount: 10_000,
      currency: "usd",
      ...CARD_ONLY,
      confirm: true,
      payment_method: "pm_card_visa",
      expand: ["latest_charge.balance_transaction"],
      ...given,
    },
    { stripeAccount },
  );
  return { intent, charge: intent.latest_charge as Stripe.Charge };
}

const balances = async (account?: string) => {
  const { available, pending } = await stripe.balance.retrieve({}, account ? { stripeAccount: account } : {});
  const sum = (money: Stripe.Balance["available"]) =>
    money.filter(({ currency }) => currency === "usd").reduce((total, { amount }) => total + amount, 0);
  return sum(available) + sum(pending);
};

describe("a direct charge", () => {
  it("leaves the fee with the platform, which is billed for the account", async () => {
    const account = await seller(stripe);
    const { intent, charge } = await directCharge(account, { application_fee_amount: 1000 });
    expect(charge).toMatchObject({
      application_fee_amount: 1000,
      balance_transaction: { amount: 10_000, fee: 1000, net: 9000, fee_details: [{ type: "application_fee" }] },
    });
    const fee = await stripe.applicationFees.retrieve(String(charge.application_fee), {
      expand: ["balance_transaction"],
    });
    expect(fee).toMatchObject({
      account,
      amount: 1000,
      charge: charge.id,
      refunded: false,
      balance_transaction: { type: "application_fee", net: 1000 },
    });
    const [bill] = (await stripe.balanceTransactions.list({ type: "stripe_fee" })).data;
    expect(bill).toMatchObject({ amount: -175, net: -175, description: expect.stringContaining(charge.id) });
    expect([await balances(account), await balances()]).toEqual([9000, 1000 - 175]);
    expect(await eventTypes(stripe)).toEqual(["application_fee.created"]);
    const there = await stripe.events.list({ type: "payment_intent.succeeded" }, { stripeAccount: account });
    expect(there.data).toMatchObject([{ account, data: { object: { id: intent.id } } }]);
    await expect(stripe.paymentIntents.retrieve(intent.id)).rejects.toMatchObject({ code: "resource_missing" });
    await expect(directCharge(account, { application_fee_amount: 10_001 })).rejects.toMatchObject({
      param: "application_fee_amount",
    });
    await expect(directCharge("acct_none")).rejects.toMatchObject({ statusCode: 403, code: "account_invalid" });
  });

  it("pays for itself when the account is the one who pays", async () => {
    const account = await seller(stripe, "account");
    const { charge } = await directCharge(account, { application_fee_amount: 1000 });
    expect(charge.balance_transaction).toMatchObject({ fee: 1175, net: 8825 });
    expect([await balances(account), await balances()]).toEqual([8825, 1000]);
  });

  it("gives the fee back in proportion, to the last cent", async () => {
    const account = await seller(stripe);
    const { intent, charge } = await directCharge(account, { application_fee_amount: 1000 });
    const refund = (amount: number) =>
      stripe.refunds.create(
        { payment_intent: intent.id, amount, refund_application_fee: true, expand: ["balance_transaction"] },
        { stripeAccount: account },
      );
    const first = await refund(3333);
    expect(first.balance_transaction).toMatchObject({ amount: -3333, fee: -333, net: -3000 });
    await refund(3333);
    await refund(3334);
    expect(await stripe.applicationFees.retrieve(String(charge.application_fee))).toMatchObject({
      amount_refunded: 1000,
      refunded: true,
      refunds: { data: [{ amount: 333 }, { amount: 334 }, { amount: 333 }] },
    });
    expect([await balances(account), await balances()]).toEqual([0, -175]);
    expect((await eventTypes(stripe)).filter((type) => type === "application_fee.refunded")).toHaveLength(3);
    expect(await eventTypes(stripe, account)).toEqual(expect.arrayContaining(["refund.created", "charge.refunded"]));
    await expect(refund(1)).rejects.toMatchObject({ code: "charge_already_refunded" });
  });

  it("keeps the fee unless it is told otherwise", async () => {
    const account = await seller(stripe);
    const { intent, charge } = await directCharge(account, { application_fee_amount: 1000 });
    await stripe.refunds.create({ payment_intent: intent.id }, { stripeAccount: account });
    expect([await balances(account), await balances()]).toEqual([-1000, 1000 - 175]);
    await stripe.applicationFees.createRefund(String(charge.application_fee), { amount: 400 });
    expect([await balances(account), await balances()]).toEqual([-600, 600 - 175]);
    await expect(
      stripe.applicationFees.createRefund(String(charge.application_fee), { amount: 601 }),
    ).rejects.toMatchObject({ param: "amount" });
    const { intent: free } = await directCharge(account);
    await expect(
      stripe.refunds.create({ payment_intent: free.id, refund_application_fee: true }, { stripeAccount: account }),
    ).rejects.toMatchObject({ param: "refund_application_fee" });
  });

  it("gives back the share of what is refunded with it, not of earlier refunds", async () => {
    const account = await seller(stripe);
    const { intent, charge } = await directCharge(account, { application_fee_amount: 1000 });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 5000 }, { stripeAccount: account });
    await stripe.refunds.create(
      { payment_intent: intent.id, amount: 100, refund_application_fee: true },
      { stripeAccount: account },
    );
    expect((await stripe.applicationFees.retrieve(String(charge.application_fee))).amount_refunded).toBe(10);
  });

  it.each([
    ["pending_then_fail", "pending", "failed"],
    ["pending_then_succeed", "pending", "succeeded"],
    ["succeed_then_fail", "succeeded", "failed"],
    ["fail", "failed", "failed"],
  ])("has refunds that %s", async (next, first, last) => {
    const account = await seller(stripe);
    const { intent, charge } = await directCharge(account);
    await control("POST", "refunds", { next });
    const refund = await stripe.refunds.create({ payment_intent: intent.id }, { stripeAccount: account });
    expect(refund.status).toBe(first);
    await advance(61);
    expect((await stripe.refunds.retrieve(refund.id, {}, { stripeAccount: account })).status).toBe(last);
    const isRefunded = last === "succeeded";
    expect(await stripe.charges.retrieve(charge.id, {}, { stripeAccount: account })).toMatchObject({
      refunded: isRefunded,
      amount_refunded: isRefunded ? 10_000 : 0,
    });
    expect(await balances(account)).toBe(isRefunded ? 0 : 10_000);
    const events = await stripe.events.list({ type: "refund.failed" }, { stripeAccount: account });
    expect(events.data.map((event) => event.account)).toEqual(isRefunded ? [] : [account]);
  });

  it("can be reserved, and captured in part with another fee", async () => {
    const account = await seller(stripe);
    const { intent } = await directCharge(account, { capture_method: "manual", application_fee_amount: 1000 });
    await expect(
      stripe.paymentIntents.capture(intent.id, { amount_to_capture: 500 }, { stripeAccount: account }),
    ).rejects.toMatchObject({ param: "application_fee_amount" });
    const captured = await stripe.paymentIntents.capture(
      intent.id,
      { amount_to_capture: 500, application_fee_amount: 50 },
      { stripeAccount: account },
    );
    expect(captured).toMatchObject({ amount_received: 500, application_fee_amount: 50 });
    expect(await balances(account)).toBe(450);
  });

  it("can be disputed, at the cost of who is liable", async () => {
    const account = await seller(stripe);
    const { charge } = await directCharge(account);
    const dispute = await control("POST", "disputes", { charge: charge.id });
    expect([await balances(account), await balances()]).toEqual([0, -175 - 2000]);
    const answered = await stripe.disputes.update(
      dispute.id,
      { evidence: { uncategorized_text: "Delivered on Monday." } },
      { stripeAccount: account },
    );
    expect(answered).toMatchObject({
      status: "under_review",
      evidence: { uncategorized_text: "Delivered on Monday." },
    });
    await control("POST", "disputes", { dispute: dispute.id, status: "won" });
    expect(await balances(account)).toBe(10_000);
    expect(await eventTypes(stripe, account)).toEqual(
      expect.arrayContaining([
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
      ]),
    );
  });

  it("shows its fees late when told so", async () => {
    await control("POST", "fees", { mode: "late" });
    const account = await seller(stripe);
    const { charge } = await directCharge(account, { application_fee_amount: 1000 });
    expect([charge.balance_transaction, charge.application_fee]).toEqual([null, null]);
    await advance(6);
    const posted = await stripe.charges.retrieve(charge.id, {}, { stripeAccount: account });
    expect(posted.application_fee).toMatch(/^fee_/);
    expect(await eventTypes(stripe)).toEqual(["application_fee.created"]);
    const early = await directCharge(account, { application_fee_amount: 1000 });
    await stripe.refunds.create({ charge: early.charge.id, refund_application_fee: true }, { stripeAccount: account });
    await advance(6);
    expect([await balances(account), await balances()]).toEqual([9000, 1000 - 2 * 175]);
  });
});

describe("accounts", () => {
  it("are incomplete, under review, ready or paused, and only ready ones charge", async () => {
    const created = await stripe.accounts.create({
      country: "US",
      email: "seller@example.com",
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    });
    const intent = await stripe.paymentIntents.create(
      { amount: 1000, currency: "usd", ...CARD_ONLY, payment_method: "pm_card_visa" },
      { stripeAccount: created.id },
    );
    const confirm = () => stripe.paymentIntents.confirm(intent.id, {}, { stripeAccount: created.id });
    const put = (status: string) => control("POST", "accounts", { account: created.id, status });
    await expect(confirm()).rejects.toThrow("Your account cannot currently make charges.");
    await expect(stripe.accounts.createLoginLink(created.id)).rejects.toThrow("has not completed onboarding");
    expect(await put("under_review")).toMatchObject({
      details_submitted: true,
      charges_enabled: false,
      capabilities: { card_payments: "pending" },
      requirements: { currently_due: [], disabled_reason: "requirements.pending_verification" },
    });
    await expect(confirm()).rejects.toThrow("cannot currently make charges");
    expect(await put("paused")).toMatchObject({
      details_submitted: true,
      charges_enabled: false,
      requirements: { past_due: ["individual.verification.document"] },
    });
    expect(await put("rejected")).toMatchObject({
      charges_enabled: false,
      requirements: { currently_due: [], disabled_reason: "rejected.other" },
    });
    expect(await put("incomplete")).toMatchObject({ details_submitted: false });
    expect(await put("ready")).toMatchObject({
      charges_enabled: true,
      payouts_enabled: true,
      capabilities: { card_payments: "active", transfers: "active" },
      requirements: { disabled_reason: null },
    });
    expect((await confirm()).status).toBe("succeeded");
    await expect(stripe.accounts.del(created.id)).rejects.toThrow("balance is not zero");
    const { data } = await stripe.events.list({ type: "account.updated" }, { stripeAccount: created.id });
    expect(data).toHaveLength(5);
    expect(data[0]).toMatchObject({ account: created.id });
    expect((await control("POST", "accounts", { account: "acct_none", status: "ready" })).status).toBe(403);
  });

  it("are not shown to us any more when their holder takes the access away", async () => {
    const { id } = await stripe.accounts.create({ country: "US" });
    await stripe.balance.retrieve({}, { stripeAccount: id });
    await control("POST", "accounts", { account: id, status: "deauthorized" });
    await expect(stripe.accounts.retrieve(id)).rejects.toMatchObject({ statusCode: 403, code: "account_invalid" });
    await expect(stripe.balance.retrieve({}, { stripeAccount: id })).rejects.toMatchObject({ statusCode: 403 });
  });

  it("open no dashboard that they do not have", async () => {
    const { id } = await stripe.accounts.create({ country: "US" });
    await control("POST", "accounts", { account: id, status: "ready" });
    await expect(stripe.accounts.createLoginLink(id)).rejects.toThrow("without access to the Express Dashboard");
  });

  it("keep what an update does not name", async () => {
    const { id } = await stripe.accounts.create({ business_profile: { name: "Shop", url: "https://shop.example" } });
    const updated = await stripe.accounts.update(id, { business_profile: { mcc: "5734" } });
    expect(updated.business_profile).toMatchObject({ mcc: "5734", name: "Shop", url: "https://shop.example" });
    expect(updated.settings?.dashboard.display_name).toBe("Shop");
  });

  it("out of the reach of the platform's transfers receive none", async () => {
    const destination = await onboarded(stripe, { country: "BR" });
    await expect(stripe.transfers.create({ amount: 100, currency: "eur", destination })).rejects.toMatchObject({
      code: "transfers_not_allowed",
    });
  });

  it("without card payments need an approved platform, and may receive, not charge", async () => {
    const receiver = { capabilities: { transfers: { requested: true } } };
    await expect(stripe.accounts.create(receiver)).rejects.toThrow("needs approval");
    await control("POST", "platform", { transfersOnly: true });
    const account = await onboarded(stripe, receiver);
    await expect(directCharge(account)).rejects.toThrow("cannot currently make charges");
  });

  it("keep balances that equal their transactions, whoever pays for what", async () => {
    const account = await seller(stripe);
    const { intent } = await directCharge(account, { application_fee_amount: 777 });
    await directCharge(account, { capture_method: "manual", application_fee_amount: 10 });
    await stripe.refunds.create(
      { payment_intent: intent.id, amount: 1234, refund_application_fee: true },
      { stripeAccount: account },
    );
    await advance(3 * 86_400);
    for (const options of [{}, { stripeAccount: account }]) {
      const { data } = await stripe.balanceTransactions.list({ limit: 100 }, options);
      const balance = await stripe.balance.retrieve({}, options);
      expect(balance.available[0]?.amount).toBe(data.reduce((sum, { net }) => sum + net, 0));
      expect(balance.pending[0]?.amount).toBe(0);
    }
  });
});
