import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { CommandName } from "../../src/operations/operations";
import { cards, Journey } from "../journey";
import { Shop, verdict } from "../shop";
import { accepted, initiated, makeTenant, wired } from "../tenant";
import { booksOf, booksOfPayment, expectBooks, hundred } from "./books";
import { acceptedOffer, refund, undone } from "./offers/accepted-offer";
import { restore, takeSnapshot } from "./restore/put-back";
import { payoutOf, rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

/** Commands whose own change posts money, at Stripe or between wallets. */
type Moving =
  | "accept-offer"
  | "advance-payout"
  | "resume-effect"
  | "check-refund"
  | "refund-testimony"
  | "release-payout"
  | "settle-stripe-call"
  | "record-dispute"
  | "record-reversal"
  | "record-refund-at-stripe"
  | "confirm-payment"
  | "capture-payment"
  | "cancel-payment"
  | "cancel-order"
  | "refund-payment"
  | "check-payment"
  | "resume-payment"
  | "book-stripe-fees"
  | "open-books"
  | "recover-checkout"
  | "accept-transfer"
  | "settle-day";

const kept = { seller_balance: 1000, seller_payable: -1000 };
const reserved = { capture_method: "manual" };

async function chargeOf({ testimonyId }: { testimonyId: string }): Promise<{ id: string }> {
  return (await journey.stripe(`/charges?transfer_group=${testimonyId}`)).data[0];
}

/** The shortest way to each of them, and the ledger that it leaves. */
const moves = {
  async "accept-offer"() {
    await acceptedOffer(journey, { onboarded: false });
    expect(await booksOf(journey)).toMatchObject({ expert_payable: -10_000, commission: -hundred.commissionMinor });
  },
  async "advance-payout"() {
    const session = await acceptedOffer(journey);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", amount_minor: 10_000 });
    expect((await booksOf(journey)).expert_payable).toBeUndefined();
  },
  async "resume-effect"() {
    const session = await journey.paidOffer({ price: hundred.price });
    const path = `/testimonies/${session.testimonyId}/cancel`;
    await journey.must(204, "POST", path, { token: session.client.token, body: { cancellationReason: "Sold." } });
    await journey.advance(10);
    await expectBooks(journey, undone);
  },
  async "check-refund"() {
    const session = await acceptedOffer(journey, { onboarded: false, card: cards.refundFails });
    expect((await refund(journey, session)).status).toBe(204);
    for (const seconds of [61, 60 * 60, 60 * 60]) await journey.advance(seconds);
    expect(await booksOf(journey)).toMatchObject({ client_payable: -hundred.totalMinor });
  },
  async "refund-testimony"() {
    const session = await acceptedOffer(journey, { onboarded: false });
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    await expectBooks(journey, undone);
  },
  async "release-payout"() {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.stripePost("/refunds", { charge: (await chargeOf(session)).id, amount: 4_000 });
    await journey.onboard(session.expert);
    await journey.advance(1);
    const body = { note: "Agreed with the expert.", amount: 7_000 };
    await journey.operator("POST", `/testimonies/${session.testimonyId}/release-payout`, body);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", sent_minor: 7_000 });
    expect(await booksOf(journey)).toMatchObject({ refunds_made_at_stripe: 1_000 });
  },
  async "settle-stripe-call"() {
    const shop = await Shop.open(journey);
    const transaction = await shop.started();
    await journey.fault("POST /v1/payment_intents/*/confirm", "timeout_after", 2);
    await journey.fault("GET /v1/payment_intents/*", "500", 1_000_000);
    await journey.events("drop");
    expect((await shop.confirm(transaction)).status).toBe(503);
    const open = "select aggregate_id, id from stripe_effects where state = 'open'";
    const [call] = await rows<{ aggregate_id: string; id: string }>(open);
    const settle = () =>
      journey.operator("POST", `/stripe-calls/${call?.aggregate_id}/${call?.id}/settle`, {
        outcome: "made",
        object_id: transaction.transactionId,
        note: "Stripe's dashboard shows it.",
      });
    expect((await settle()).status).toBe(409);
    await journey.advance(25 * 60 * 60);
    await journey.control("DELETE", "faults");
    expect((await settle()).status).toBe(200);
    expect(await booksOfPayment(transaction)).toEqual(kept);
  },
  async "record-dispute"() {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.control("POST", "disputes", { charge: (await chargeOf(session)).id });
    await journey.advance(1);
    expect(await booksOf(journey)).toMatchObject({ disputed_funds: hundred.totalMinor });
  },
  async "record-reversal"() {
    const session = await acceptedOffer(journey);
    const [transfer] = (await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data;
    await journey.stripePost(`/transfers/${transfer.id}/reversals`);
    await journey.advance(1);
    expect(await booksOf(journey)).toMatchObject({ expert_payable: -10_000 });
  },
  async "record-refund-at-stripe"() {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.stripePost("/refunds", { charge: (await chargeOf(session)).id, amount: 100 });
    await journey.advance(1);
    expect(await booksOf(journey)).toMatchObject({ refunds_made_at_stripe: 100 });
  },
  async "confirm-payment"() {
    expect(await booksOfPayment(await (await Shop.open(journey)).paid())).toEqual(kept);
  },
  async "capture-payment"() {
    const shop = await Shop.open(journey);
    const transaction = await shop.paid(reserved);
    expect(await booksOfPayment(transaction)).toEqual({});
    expect(verdict(await shop.capture(transaction))).toEqual([200, "succeeded"]);
    expect(await booksOfPayment(transaction)).toEqual(kept);
  },
  async "cancel-payment"() {
    const shop = await Shop.open(journey);
    const transaction = await shop.paid(reserved);
    expect(verdict(await shop.cancel(transaction))).toEqual([200, "canceled"]);
    expect(await booksOfPayment(transaction)).toEqual({});
  },
  async "cancel-order"() {
    const shop = await Shop.open(journey);
    const transaction = await shop.ordered({}, reserved);
    await shop.confirm(transaction);
    expect((await shop.cancelOrder(transaction)).status).toBe(200);
    expect((await shop.view(transaction)).body.data.status).toBe("canceled");
    expect(await booksOfPayment(transaction)).toEqual({});
  },
  async "refund-payment"() {
    const shop = await Shop.open(journey);
    const transaction = await shop.paid();
    expect((await shop.refund(transaction, { amount: 400 })).status).toBe(200);
    expect(await booksOfPayment(transaction)).toEqual({ seller_balance: 600, seller_payable: -600 });
  },
  async "check-payment"() {
    const shop = await Shop.open(journey);
    const transaction = await shop.started({ currency: "eur" });
    const asked = await shop.debit(transaction);
    expect(verdict(asked)).toEqual([200, "processing"]);
    await journey.advance(61);
    expect(await booksOfPayment(transaction)).toEqual(kept);
  },
  async "resume-payment"() {
    const shop = await Shop.open(journey);
    const transaction = await shop.started();
    await journey.fault("POST /v1/payment_intents/*/confirm", "429", 2);
    expect((await shop.confirm(transaction)).status).toBe(503);
    for (const seconds of [3, 10, 61]) await journey.advance(seconds);
    expect(await booksOfPayment(transaction)).toEqual(kept);
  },
  async "book-stripe-fees"() {
    await (await Shop.open(journey)).paid();
    await journey.advance(11 * 60);
    expect(await booksOf(journey, "usd")).toMatchObject({ stripe_fees: 40 });
  },
  async "open-books"() {
    await journey.control("POST", "balance", { type: "topup", amount: 900 });
    await journey.advance(5 * 24 * 60 * 60);
    const { nowSeconds } = (await journey.control("GET", "clock")).body;
    const before = new Date((nowSeconds - 4 * 24 * 60 * 60) * 1000).toISOString();
    const body = { before, note: "From before." };
    expect((await journey.operator("POST", "/opening-balance", body)).status).toBe(201);
    expect(await booksOf(journey)).toEqual({ stripe_balance: 900, opening_balance: -900 });
  },
  async "recover-checkout"() {
    const snapshot = await takeSnapshot(journey);
    await acceptedOffer(journey);
    await restore(journey, snapshot);
    await expectBooks(journey, undone);
  },
  async "accept-transfer"() {
    await acceptedTransfer();
    const found = await rows("select balance from wallets order by balance");
    expect(found).toEqual([{ balance: -15_000_000 }, { balance: 15_000_000 }]);
  },
  async "settle-day"() {
    await acceptedTransfer();
    await journey.advance(2 * 24 * 60 * 60);
    const found = await rows("select net_amount from settlement_entries order by net_amount");
    expect(found).toEqual([{ net_amount: -15_000_000 }, { net_amount: 15_000_000 }]);
  },
} satisfies Record<Moving, () => Promise<void>>;

/** Makes a transfer of 1500.00 from one application to another. */
async function acceptedTransfer(): Promise<void> {
  const deps = await wired();
  const [payer, payee] = [await makeTenant(deps), await makeTenant(deps)];
  await accepted(deps, payee, await initiated(deps, payer, payee));
}

/**
 * The others move no money, or only by performing one of these. A new command does not compile before it is in one of
 * the lists.
 */
const others = {
  "register-client": true,
  "register-expert": true,
  "log-in": true,
  "log-out": true,
  "log-out-everywhere": true,
  "end-session": true,
  "note-session-use": true,
  "suspend-user": true,
  "restore-user": true,
  "end-user-sessions": true,
  "view-user": true,
  "view-developer": true,
  "update-profile": true,
  "delete-user": true,
  "note-export": true,
  "end-testimony": true,
  "create-testimony": true,
  "create-offer": true,
  "withdraw-offer": true,
  "cancel-testimony": true,
  "complete-testimony": true,
  "start-checkout": true,
  "retry-payout": true,
  "resolve-attention": true,
  "close-attention": true,
  "open-payout-account": true,
  "check-payout-account": true,
  "create-developer": true,
  "rotate-developer-token": true,
  "revoke-developer-token": true,
  "note-token-use": true,
  "create-app": true,
  "create-app-user": true,
  "open-connected-account": true,
  "create-onboarding-link": true,
  "create-login-link": true,
  "view-connected-account": true,
  "check-connected-account": true,
  "resume-connected-account": true,
  "delete-connected-account": true,
  "put-order": true,
  "create-payment": true,
  "attach-payment-method": true,
  "prefer-payment-method": true,
  "remove-payment-method": true,
  "resume-shopper": true,
  "check-payment-method": true,
  "register-application": true,
  "update-application": true,
  "rotate-application-key": true,
  "rotate-application-webhook-secret": true,
  "rotate-application-client-secret": true,
  "end-application-client-secret": true,
  "use-client-secret": true,
  "admit-application": true,
  "create-subject": true,
  "create-tag": true,
  "update-tag": true,
  "provision-wallet": true,
  "initiate-transfer": true,
  "reject-transfer": true,
  "cancel-transfer": true,
  "expire-transfer": true,
  "retry-transfer-webhook": true,
  "create-webhook-endpoint": true,
  "update-webhook-endpoint": true,
  "delete-webhook-endpoint": true,
  "rotate-webhook-secret": true,
  "test-webhook-endpoint": true,
  "resend-webhook-delivery": true,
  "recover-webhook-deliveries": true,
  "erase-webhook-event": true,
  "record-stripe-event": true,
  "process-stripe-event": true,
  "close-stripe-event": true,
  "replay-stripe-event": true,
  reconcile: true,
  "reconcile-accounts": true,
  "catch-up-platform": true,
  "check-customer": true,
  sweep: true,
  "publish-attention": true,
  "mark-restored": true,
  "end-recovery": true,
  "recover-payout-account": true,
  "retry-stripe-call": true,
  "recover-connected-account": true,
  "recover-lost-time": true,
  "recover-refunds": true,
  "recover-payout": true,
  "recover-payment": true,
  "request-mail": true,
  "send-mail": true,
  "reset-password": true,
  "verify-email": true,
  purge: true,
} satisfies Record<Exclude<CommandName, Moving>, true>;

describe("money moves", () => {
  it.each(Object.entries(moves))("by %s", (_, move) => move());

  it("by these, and by no command that is said to move none", () => {
    expect(Object.keys(moves).filter((name) => name in others)).toEqual([]);
  });
});
