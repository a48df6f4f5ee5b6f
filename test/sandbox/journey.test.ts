import type Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { advance, CARD, connect, control, onboarded, paid, sessionOf, submit, visit } from "./sandbox";

const stripe = connect();

afterEach(() => control("POST", "reset"));

describe("checkout", () => {
  it("is paid on its page and leads to the success URL", async () => {
    const session = await sessionOf(stripe);
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      amount_total: 12_100,
      payment_intent: null,
    });
    expect(new URL(session.url ?? "").pathname).toBe(`/sandbox/checkout/${session.id}`);
    expect(await (await visit(`/sandbox/checkout/${session.id}`)).text()).toContain("Translation");

    const answer = await submit(session, {
      cardNumber: "4242 4242 4242 4242",
      expiry: "12 / 39",
      cvc: "123",
      name: "A. Reader",
    });
    expect([answer.status, answer.headers.get("Location")]).toEqual([
      303,
      `https://shop.example/done?session=${session.id}`,
    ]);

    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ["line_items", "payment_intent.latest_charge.balance_transaction"],
    });
    expect(done).toMatchObject({
      status: "complete",
      payment_status: "paid",
      metadata: { offer: "o-1" },
      line_items: { data: [{ description: "Translation" }, { description: "Commission" }] },
      payment_intent: {
        status: "succeeded",
        metadata: { offer: "o-1" },
        transfer_group: "t-1",
        latest_charge: {
          status: "succeeded",
          amount: 12_100,
          transfer_group: "t-1",
          balance_transaction: { type: "charge", amount: 12_100, fee: 207, net: 11_893, status: "pending" },
        },
      },
    });
    const { data } = await stripe.checkout.sessions.list({
      payment_intent: (done.payment_intent as Stripe.PaymentIntent).id,
    });
    expect(data.map(({ id }) => id)).toEqual([session.id]);
    expect((await submit(session, { cardNumber: CARD })).status).toBe(303);
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });

  it.each([
    ["4000000000000002", "card_declined", "generic_decline"],
    ["4000000000009995", "card_declined", "insufficient_funds"],
    ["4000000000009987", "card_declined", "lost_card"],
    ["4000000000009979", "card_declined", "stolen_card"],
    ["4000000000000069", "expired_card", undefined],
    ["4000000000000127", "incorrect_cvc", undefined],
    ["4111111111111111", "incorrect_number", undefined],
  ])("declines %s with %s, and can be paid afterwards", async (cardNumber, code, declineCode) => {
    const session = await sessionOf(stripe);
    expect((await submit(session, { cardNumber })).status).toBe(402);
    const open = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
    const error = (open.payment_intent as Stripe.PaymentIntent).last_payment_error;
    expect([open.status, error?.code, error?.decline_code]).toEqual(["open", code, declineCode]);
    expect((await submit(session, { cardNumber: CARD })).status).toBe(303);
  });

  it("keeps what was typed when the card or the bank refuses, but for the security code", async () => {
    const session = await sessionOf(stripe);
    const typed = { email: "jana@example.com", name: "<i>Jana", expiry: "12 / 39", cvc: "987" };
    const isKept = (page: string, number: string) => {
      for (const text of [number, "jana@example.com", "&lt;i&gt;Jana", "12 / 39"])
        expect(page).toContain(`value="${text}"`);
      expect(page).toMatch(/name="cvc"[^>]* value=""/);
    };
    isKept(await (await submit(session, { ...typed, cardNumber: "4000000000000002" })).text(), "4000000000000002");
    await submit(session, { ...typed, cardNumber: "4000002500003155" });
    isKept(await (await submit(session, { authentication: "fail" })).text(), "4000002500003155");
    expect((await submit(session, { ...typed, cardNumber: CARD })).status).toBe(303);
    const done = await stripe.checkout.sessions.retrieve(session.id);
    expect(done.customer_details).toMatchObject({ email: "jana@example.com", name: "<i>Jana" });
  });

  it("takes the number of the chosen method, and the application's e-mail before a typed one", async () => {
    const given = await sessionOf(stripe, { customer_email: "given@example.com" });
    const iban = { method: "sepa_debit", iban: "AT61 1904 3002 3457 3201", cardNumber: "4000000000000002" };
    expect((await submit(given, { ...iban, email: "typed@example.com" })).status).toBe(303);
    const { payment_status, customer_details } = await stripe.checkout.sessions.retrieve(given.id);
    expect([payment_status, customer_details?.email]).toEqual(["unpaid", "given@example.com"]);

    const wrong = await submit(await sessionOf(stripe), { ...iban, iban: "AT00" });
    expect([wrong.status, await wrong.text()]).toEqual([402, expect.stringContaining("not an IBAN we know")]);
    const incomplete = await submit(await sessionOf(stripe), { email: "jana@", cardNumber: CARD });
    expect([incomplete.status, await incomplete.text()]).toEqual([
      402,
      expect.stringContaining("e-mail address is incomplete"),
    ]);
  });

  it("asks for authentication, and goes on as the cardholder answers", async () => {
    const session = await sessionOf(stripe);
    const asked = await submit(session, { cardNumber: "4000002500003155" });
    expect([asked.status, (await asked.text()).includes("3-D Secure")]).toEqual([200, true]);
    expect((await submit(session, { authentication: "fail" })).status).toBe(402);
    await submit(session, { cardNumber: "4000002500003155" });
    expect((await submit(session, { authentication: "approve" })).status).toBe(303);
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
  });

  it.each([
    ["AT61 1904 3002 3457 3201", "paid", "checkout.session.async_payment_succeeded", "succeeded"],
    ["AT86 1904 3002 3547 3202", "unpaid", "checkout.session.async_payment_failed", "requires_payment_method"],
  ])("completes unpaid with %s and decides later: %s", async (cardNumber, payment_status, type, intentStatus) => {
    const session = await sessionOf(stripe);
    expect((await submit(session, { cardNumber })).status).toBe(303);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
    });
    await advance(61);
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
    expect(done).toMatchObject({ payment_status, payment_intent: { status: intentStatus } });
    expect((await stripe.events.list({ type })).data).toHaveLength(1);
  });

  it("expires by the clock or by request, once, and then cannot be paid", async () => {
    const byClock = await sessionOf(stripe, { expires_at: Math.floor(Date.now() / 1000) + 1805 });
    const byRequest = await sessionOf(stripe);
    expect((await stripe.checkout.sessions.expire(byRequest.id)).status).toBe("expired");
    await expect(stripe.checkout.sessions.expire(byRequest.id)).rejects.toMatchObject({ statusCode: 400 });
    await advance(1806);
    expect((await stripe.checkout.sessions.retrieve(byClock.id)).status).toBe("expired");
    expect((await submit(byClock, { cardNumber: CARD })).status).toBe(410);
    expect((await stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(2);
    await expect(sessionOf(stripe, { expires_at: 1 })).rejects.toMatchObject({ param: "expires_at" });
  });
});

describe("money", () => {
  it("goes from the client through the platform to the expert, and all the way back", async () => {
    const expert = await onboarded(stripe);
    const { charge } = await paid(stripe);
    const transfer = await stripe.transfers.create({
      amount: 10_000,
      currency: "eur",
      destination: expert,
      source_transaction: charge.id,
      transfer_group: "t-1",
    });
    expect((await stripe.balance.retrieve()).pending).toMatchObject([{ amount: 11_893 - 10_000, currency: "eur" }]);
    expect((await stripe.balance.retrieve({}, { stripeAccount: expert })).pending).toMatchObject([{ amount: 10_000 }]);
    expect((await stripe.transfers.list({ transfer_group: "t-1" })).data.map(({ id }) => id)).toEqual([transfer.id]);

    const refund = await stripe.refunds.create({ payment_intent: String(charge.payment_intent), amount: 5000 });
    expect(refund.status).toBe("succeeded");
    await stripe.transfers.createReversal(transfer.id, { amount: 4000 });
    const reversed = await stripe.transfers.retrieve(transfer.id);
    expect(reversed).toMatchObject({ amount_reversed: 4000, reversed: false, reversals: { data: [{ amount: 4000 }] } });
    expect((await stripe.charges.retrieve(charge.id, { expand: ["refunds"] })).refunds?.data).toMatchObject([
      { amount: 5000 },
    ]);

    await advance(2 * 86_400 + 1);
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 11_893 - 10_000 - 5000 + 4000 }]);
    expect((await stripe.balance.retrieve()).pending).toMatchObject([{ amount: 0 }]);
    const payment = await stripe.charges.retrieve(String(transfer.destination_payment), {}, { stripeAccount: expert });
    // It was not paid by card, so no bank can take it back.
    expect(await control("POST", "disputes", { charge: payment.id })).toMatchObject({ status: 400 });
    expect(payment).toMatchObject({ amount: 10_000, amount_refunded: 4000, source_transfer: transfer.id });
  });

  it("refuses transfers that Stripe refuses", async () => {
    const expert = await onboarded(stripe);
    const notOnboarded = await stripe.accounts.create({
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    });
    const { charge } = await paid(stripe);
    const send = (overrides: Partial<Stripe.TransferCreateParams>) =>
      stripe.transfers.create({
        amount: 100,
        currency: "eur",
        destination: expert,
        source_transaction: charge.id,
        ...overrides,
      });
    await expect(send({ destination: "acct_nobody" })).rejects.toMatchObject({
      code: "resource_missing",
      param: "destination",
    });
    await expect(send({ destination: notOnboarded.id })).rejects.toMatchObject({
      code: "insufficient_capabilities_for_transfer",
    });
    await expect(send({ amount: 12_101 })).rejects.toMatchObject({ param: "amount" });
    await expect(send({ currency: "usd" })).rejects.toMatchObject({ param: "currency" });
    await send({ amount: 12_000 });
    await expect(send({ amount: 101 })).rejects.toMatchObject({ param: "amount" });
    await expect(stripe.transfers.create({ amount: 100, currency: "eur", destination: expert })).rejects.toMatchObject({
      code: "balance_insufficient",
    });
  });

  it("refuses refunds and reversals beyond what is left", async () => {
    const expert = await onboarded(stripe);
    const { charge } = await paid(stripe);
    const transfer = await stripe.transfers.create({
      amount: 10_000,
      currency: "eur",
      destination: expert,
      source_transaction: charge.id,
    });
    await expect(stripe.transfers.createReversal(transfer.id, { amount: 10_001 })).rejects.toMatchObject({
      param: "amount",
    });
    await advance(3 * 86_400);
    await control("POST", "payouts", { account: expert });
    await expect(stripe.transfers.createReversal(transfer.id)).rejects.toMatchObject({ code: "balance_insufficient" });
    await expect(stripe.refunds.create({ charge: charge.id, amount: 12_101 })).rejects.toMatchObject({
      param: "amount",
    });
    await stripe.refunds.create({ charge: charge.id });
    await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({
      code: "charge_already_refunded",
    });
  });

  it.each([
    ["4000000000005126", "succeeded", "failed"],
    ["4000000000007726", "pending", "succeeded"],
  ])("refunds of card %s are %s first and %s later", async (card, first, later) => {
    const { charge } = await paid(stripe, card);
    const refund = await stripe.refunds.create({ charge: charge.id });
    expect(refund.status).toBe(first);
    await advance(61);
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe(later);
    expect((await stripe.charges.retrieve(charge.id)).amount_refunded).toBe(later === "failed" ? 0 : 12_100);
    const failures = await stripe.balanceTransactions.list({ type: "refund_failure" });
    expect(failures.data).toHaveLength(later === "failed" ? 1 : 0);
  });

  it("lets a refund fail when told so", async () => {
    await control("POST", "refunds", { next: "pending_then_fail" });
    const { charge } = await paid(stripe);
    const refund = await stripe.refunds.create({ charge: charge.id });
    expect(refund).toMatchObject({ status: "pending" });
    await advance(61);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: "failed" });
    expect((await stripe.refunds.create({ charge: charge.id })).status).toBe("succeeded");
  });

  it("withdraws a disputed payment with a fee, and gives it back when the dispute is won", async () => {
    const { charge } = await paid(stripe, "4000000000000077");
    const before = (await stripe.balance.retrieve()).available[0]?.amount ?? 0;
    const dispute = await control("POST", "disputes", { charge: charge.id });
    expect((await stripe.balance.retrieve()).available[0]?.amount).toBe(before - 12_100 - 2000);
    await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({ code: "charge_disputed" });
    await control("POST", "disputes", { dispute: dispute.id, status: "won" });
    expect((await stripe.balance.retrieve()).available[0]?.amount).toBe(before - 2000);
    expect((await stripe.disputes.list({ charge: charge.id })).data).toMatchObject([{ status: "won" }]);
    expect((await stripe.refunds.create({ charge: charge.id, amount: 100 })).status).toBe("succeeded");
    await paid(stripe, "4000000000000259");
    await advance(61);
    expect((await stripe.events.list({ type: "charge.dispute.created" })).data).toHaveLength(2);
  });

  it("equals the sum of its balance transactions, on every account, whatever happens", async () => {
    const expert = await onboarded(stripe);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seededRandom(seed);
    const attempts: (() => Promise<unknown>)[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { charge } = await paid(stripe, ["4242424242424242", "4000000000005126", "4000000000000077"][random(3)]);
      attempts.push(
        () => stripe.refunds.create({ charge: charge.id, amount: 1 + random(9000) }),
        () =>
          stripe.transfers.create({
            amount: 1 + random(9000),
            currency: "eur",
            destination: expert,
            source_transaction: charge.id,
          }),
        () => stripe.transfers.create({ amount: 1 + random(900), currency: "eur", destination: expert }),
        () => advance(random(90_000)),
        async () =>
          stripe.transfers.createReversal((await stripe.transfers.list()).data[0]?.id ?? "tr_none", {
            amount: 1 + random(5000),
          }),
        () => control("POST", "disputes", { charge: charge.id }),
        () => stripe.payouts.create({ amount: 1 + random(500), currency: "eur" }, { stripeAccount: expert }),
      );
    }
    for (const attempt of attempts.sort(() => random(3) - 1)) {
      await attempt().catch((error: unknown) => expect(error).toMatchObject({ type: "StripeInvalidRequestError" }));
    }
    for (const options of [{}, { stripeAccount: expert }]) {
      const balance = await stripe.balance.retrieve({}, options);
      const transactions = await stripe.balanceTransactions
        .list({ limit: 100 }, options)
        .autoPagingToArray({ limit: 1000 });
      const sum = (status: string) =>
        transactions.filter((one) => one.status === status).reduce((total, one) => total + one.net, 0);
      expect([balance.available[0]?.amount, balance.pending[0]?.amount], `seed ${seed}`).toEqual([
        sum("available"),
        sum("pending"),
      ]);
    }
  });
});

describe("accounts", () => {
  it("can do nothing before onboarding, and what was requested after it", async () => {
    const account = await stripe.accounts.create({
      country: "DE",
      email: "expert@example.com",
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      controller: { stripe_dashboard: { type: "express" } },
      metadata: { expert: "e-1" },
    });
    expect(account).toMatchObject({
      capabilities: { transfers: "inactive" },
      details_submitted: false,
      default_currency: "eur",
    });
    await expect(stripe.accounts.createLoginLink(account.id)).rejects.toMatchObject({ statusCode: 400 });
    const link = await stripe.accountLinks.create({
      account: account.id,
      type: "account_onboarding",
      return_url: "https://shop.example/back",
      refresh_url: "https://shop.example/again",
    });
    const path = new URL(link.url).pathname;
    expect((await visit(path)).status).toBe(200);
    const done = await visit(path, { method: "POST" });
    expect([done.status, done.headers.get("Location")]).toEqual([303, "https://shop.example/back"]);
    expect(await stripe.accounts.retrieve(account.id)).toMatchObject({
      capabilities: { transfers: "active" },
      payouts_enabled: true,
    });
    expect(await (await visit("/sandbox/payout-account/return")).text()).toContain(account.id);
    const dashboard = await stripe.accounts.createLoginLink(account.id);
    expect((await visit(new URL(dashboard.url).pathname)).status).toBe(200);
    expect((await stripe.accounts.del(account.id)).deleted).toBe(true);
    await expect(stripe.accounts.retrieve(account.id)).rejects.toMatchObject({
      statusCode: 403,
      code: "account_invalid",
    });
  });

  it("sends a link that ran out to the refresh URL", async () => {
    const { id } = await stripe.accounts.create({});
    const link = await stripe.accountLinks.create({
      account: id,
      type: "account_onboarding",
      return_url: "https://shop.example/back",
      refresh_url: "https://shop.example/again",
    });
    await advance(301);
    const answer = await visit(new URL(link.url).pathname, { method: "POST" });
    expect(answer.headers.get("Location")).toBe("https://shop.example/again");
    expect((await stripe.accounts.retrieve(id)).details_submitted).toBe(false);
  });
});

/** Makes random numbers by Mulberry32, so that a failing run can be repeated from the seed that it prints. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
