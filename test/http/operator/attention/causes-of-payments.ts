import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { AttentionKind, FoundKind } from "../../../../src/domain/attention";
import type { Answer } from "../../../journey";
import { acceptedOffer } from "../../../operations/offers/accepted-offer";
import { decideDispute, disputeAtStripe } from "../../../operations/offers/at-stripe";
import { rows } from "../../../operations/rows";
import { Shop, type Transaction } from "../../../shop";
import { journey } from "../../checked";
import { type Sender, type Step, take } from "./entry";
import type { Causes } from "./waits";

const minute = 60;
const day = 24 * 60 * minute;

/** The causes of everything that waits about a payment, a shopper, an account, or a Stripe call. */
export const ofPayments = {
  dispute_open: {
    "of an accepted offer": async () => {
      const dispute = await disputeAtStripe(journey, await acceptedOffer(journey));
      await journey.advance(minute);
      return { mend: () => decideDispute(journey, dispute, "won") };
    },
    "of a developer's payment": async () => {
      const shop = await Shop.open(journey);
      const { accountId: account } = await shop.paid();
      const [payment] = await rows<{ charge: string }>("select charge_id as charge from payments");
      const dispute = (await journey.control("POST", "disputes", { ...payment, account })).body.id;
      await journey.advance(minute);
      return { mend: () => journey.control("POST", "disputes", { dispute, status: "lost" }) };
    },
  },
  order_paid_twice: {
    "its refund failed after it was paid again": async () => {
      const { shop, first } = await refundFails();
      const again = await shop.create(first.shopper, { order_id: first.orderId });
      await shop.confirm({ ...first, transactionId: again.body.data.transaction_id });
      await journey.advance(day);
      return { before: { "refund-payment-of-any": refundsSucceed } };
    },
  },
  cancelled_order_paid: {
    "its refund failed twice": async () => {
      const { shop, first } = await refundFails();
      await shop.cancelOrder(first);
      for (const seconds of [minute + 1, minute + 1, day, day]) await journey.advance(seconds);
      return { before: { "refund-payment-of-any": refundsSucceed } };
    },
  },
  account_gone: {
    "of an expert": async () => {
      const expert = await journey.registerExpert();
      await journey.onboard(expert);
      await journey.advance(0);
      await takeAway(await one("select stripe_account_id as value from payout_accounts"));
      return { senders: { expert }, after: { "open-payout-account": () => journey.onboard(expert) } };
    },
    "of a developer": async () => {
      const shop = await Shop.open(journey);
      await takeAway(await shop.account());
      return asDeveloper(shop);
    },
    "of a payment whose outcome nobody can learn": async () => {
      const shop = await Shop.open(journey);
      const transaction = await shop.started();
      await journey.advance(0);
      await journey.events("drop");
      await journey.fault("POST /v1/payment_intents/*/confirm", "timeout_after", 2);
      expect((await shop.confirm(transaction)).status).toBe(503);
      await journey.control("POST", "accounts", { account: transaction.accountId, status: "deauthorized" });
      await journey.advance(minute);
      const account = await one("select id as value from connected_accounts");
      const path = "/attention/close";
      const seen = { kind: "account_gone", aggregate: account, about: account, note: "Seen." };
      expect((await journey.operator("POST", path, seen)).status).toBe(204); // the payment's own entry is left
      return asDeveloper(shop);
    },
  },
  customer_gone: {
    "it was deleted at Stripe": async () => {
      const shop = await Shop.open(journey);
      await shop.attach(await shop.shopper(), { payment_method_id: "pm_card_visa" });
      const customer = await one("select stripe_id as value from customers");
      await journey.control("POST", "customers", { customer, status: "deleted" });
      await journey.advance(minute);
      return asDeveloper(shop);
    },
  },
  method_gone: {
    "it was taken off at Stripe": async () => {
      const shop = await Shop.open(journey);
      const { body } = await shop.attach(await shop.shopper(), { payment_method_id: "pm_card_visa" });
      await journey.stripePost(`/payment_methods/${body.data.payment_method_id}/detach`);
      await journey.advance(minute);
      return asDeveloper(shop);
    },
  },
  stripe_call_stuck: {
    "Stripe refuses to say what it has made": async () => {
      const shop = await Shop.open(journey);
      const transaction = await shop.paid({ capture_method: "manual" });
      await journey.fault("POST /v1/payment_intents/*/capture", "500", 2);
      await shop.capture(transaction);
      await env.DB.prepare("update stripe_effects set params = json_set(params, '$.stripeId', 'pi_lost')").run();
      await journey.advance(minute);
      return { after: { "settle-stripe-call": settleLater } };
    },
  },
  payment_unknown: {
    "its creation is never answered": async () => {
      const shop = await Shop.open(journey);
      const terms = { order_id: "o-1", account_id: await shop.account(), amount: 1000 };
      await journey.fault("POST /v1/payment_intents", "timeout_before", 1_000);
      expect((await shop.create(await shop.shopper(), terms)).status).toBe(503);
      await journey.advance(11 * minute);
      return {
        before: { "retry-stripe-call": () => journey.control("DELETE", "faults") },
        after: { "settle-stripe-call": settleLater },
        mend: stripeAnswers,
      };
    },
  },
  stripe_call_failing: {
    "a transfer is never answered": async () => {
      await journey.fault("POST /v1/transfers", "500", 1_000);
      const session = await journey.paidOffer();
      await journey.accept(session);
      for (let rounds = 0; rounds < 11; rounds += 1) await journey.advance(minute);
      return {
        before: { "retry-stripe-call": () => journey.control("DELETE", "faults") },
        after: { "settle-stripe-call": settleLater },
        mend: stripeAnswers,
      };
    },
  },
  refund_failed: {
    "of a developer's payment": async () => {
      await refundFails(400);
      await journey.advance(day);
      return { before: { "refund-payment-of-any": refundsSucceed } };
    },
  },
} satisfies Partial<Record<AttentionKind | FoundKind, Causes>>;

/** Makes a paid order with a refund that fails within the day. */
async function refundFails(amount?: number): Promise<{ shop: Shop; first: Transaction }> {
  const shop = await Shop.open(journey);
  const first = await shop.ordered({ amount: 3000 });
  await shop.confirm(first, { payment_method_id: "pm_card_refundFail" });
  expect((await shop.refund(first, amount === undefined ? {} : { amount })).status).toBe(200);
  return { shop, first };
}

function asDeveloper({ token }: Shop): { senders: Record<string, Sender> } {
  return { senders: { developer: { headers: { "X-Developer-Token": token } } } };
}

function refundsSucceed() {
  return journey.control("POST", "refunds", { next: "succeed" });
}

async function takeAway(account: string): Promise<void> {
  await journey.control("POST", "accounts", { account, status: "deauthorized" });
  await journey.advance(day + minute);
}

async function stripeAnswers(): Promise<void> {
  await journey.control("DELETE", "faults");
  await journey.advance(60 * minute);
}

/** Takes the step again: the first time the call is only stopped, and a day later the step ends it. */
async function settleLater({ status, body }: Answer, step: Step): Promise<void> {
  expect([status, body.code]).toEqual([409, "too_early"]);
  await journey.advance(day + minute);
  expect((await take(step)).status).toBe(200);
}

async function one(query: string): Promise<string> {
  const [row] = await rows<{ value: string }>(query);
  if (!row) throw new Error(`nothing: ${query}`);
  return row.value;
}
