import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { AttentionKind, FoundKind } from "../../../../src/domain/attention";
import { setPayoutRelease } from "../../../drawn-settings";
import { cards, type PaidSession } from "../../../journey";
import { hundred } from "../../../operations/books";
import { acceptedOffer, refund } from "../../../operations/offers/accepted-offer";
import { decideDispute, disputeAtStripe, paidHundred, refundAtStripe } from "../../../operations/offers/at-stripe";
import { rows } from "../../../operations/rows";
import { journey } from "../../checked";
import type { Causes, Waits } from "./waits";

const minute = 60;
const day = 24 * 60 * minute;

/** The causes of everything that waits about a testimony or an expert. */
export const ofOffers = {
  account_left_open: {
    "the expert was deleted": async () => {
      const expert = await journey.registerExpert();
      await journey.onboard(expert);
      await journey.must(204, "DELETE", "/me", { token: expert.token, body: {} });
      return {};
    },
  },
  payout_failed: {
    "Stripe has refused the transfer": async () => {
      await journey.fault("POST /v1/transfers", "timeout_before", 1_000);
      await journey.accept(await paidHundred(journey));
      const open = "select attempts as n from stripe_effects where kind = 'create-transfer'";
      await expect.poll(async () => (await rows<{ n: number }>(open))[0]?.n, { timeout: 60_000 }).toBe(1);
      await journey.control("DELETE", "faults");
      const wrong = "update stripe_effects set params = json_set(params, '$.currency', 'usd') where state = 'open'";
      await env.DB.prepare(wrong).run();
      await journey.advance(minute);
      return {};
    },
  },
  payout_held: {
    "a part of its charge went back at Stripe": async () => {
      const session = await acceptedOffer(journey, { onboarded: false });
      await refundAtStripe(journey, session, 1_000);
      await journey.advance(minute);
      return {};
    },
    "all of its charge was lost to the bank": async () => {
      const session = await acceptedOffer(journey, { onboarded: false });
      await decideDispute(journey, await disputeAtStripe(journey, session), "lost");
      await journey.advance(minute);
      return {};
    },
    "its testimony was not completed within sixty days": async () => {
      setPayoutRelease("completed");
      const session = await paidHundred(journey);
      await journey.accept(session);
      setPayoutRelease(undefined);
      await journey.advance(minute);
      await journey.advance(60 * day);
      return {};
    },
    "our balance does not cover it": async () => {
      await journey.control("POST", "payouts", { schedule: "daily" });
      const session = await acceptedOffer(journey, { onboarded: false });
      await journey.advance(4 * day);
      await journey.onboard(session.expert);
      await journey.advance(day / 2);
      return {
        mend: async () => {
          await journey.control("POST", "payouts", { schedule: "manual" });
          await journey.control("POST", "balance", { type: "topup", amount: hundred.priceMinor });
          await journey.advance(7 * 60 * minute);
        },
      };
    },
  },
  platform_not_ready: {
    "its owner has not signed what Stripe asks of platforms": async () => {
      await journey.control("POST", "platform", { profileSigned: false });
      const expert = await journey.registerExpert();
      expect((await journey.call("POST", "/api/v1/me/payout-account", { token: expert.token })).status).toBe(422);
      return {
        mend: async () => {
          await journey.control("POST", "platform", { profileSigned: true });
          await journey.onboard(expert);
        },
      };
    },
  },
  payout_waiting: {
    "its expert has no account": async () => {
      const session = await acceptedOffer(journey, { onboarded: false });
      await journey.advance(25 * 60 * minute);
      return {
        senders: { expert: session.expert },
        after: { "open-payout-account": () => journey.onboard(session.expert) },
        mend: () => journey.onboard(session.expert),
      };
    },
    "the bank has not decided a dispute": async () => {
      const session = await acceptedOffer(journey, { onboarded: false });
      await journey.onboard(session.expert);
      const dispute = await disputeAtStripe(journey, session);
      await journey.advance(25 * 60 * minute);
      return { mend: () => decideDispute(journey, dispute, "won") };
    },
  },
  expert_owes: {
    "what was taken back had gone to the expert's bank": async () => {
      const session = await indebted();
      return {
        mend: async () => {
          const { expert } = session;
          expect((await journey.accept(await journey.paidOffer({ expert, onboarded: false, price: 150 }))).status).toBe(
            204,
          );
        },
      };
    },
  },
  refund_failed: {
    "of an acceptance that was taken back": async () => {
      const session = await acceptedOffer(journey, { card: cards.refundFails });
      await refund(journey, session);
      await journey.advance(minute);
      await journey.advance(day);
      return { before: { "refund-testimony": refundsSucceed } };
    },
    "of a payment that could not be accepted": async () => {
      const session = await paidHundred(journey);
      await journey.must(204, "POST", `/testimonies/${session.testimonyId}/cancel`, {
        token: session.client.token,
        body: { cancellationReason: "Sold." },
      });
      await journey.control("POST", "refunds", { next: "fail" });
      await journey.accept(session);
      await journey.advance(minute);
      return { before: { "refund-testimony": refundsSucceed } };
    },
    "of a part": async () => {
      const { testimonyId } = await acceptedOffer(journey, { card: cards.refundFails });
      await journey.operator("POST", `/testimonies/${testimonyId}/refund`, { reason: "Late.", amount: 100 });
      await journey.advance(minute);
      await journey.advance(day);
      return { before: { "refund-testimony": refundsSucceed } };
    },
  },
  refund_pending: {
    "our balance does not cover it": async () => {
      const session = await acceptedOffer(journey, { onboarded: false });
      await journey.control("POST", "refunds", { next: "pending_without_funds" });
      await refund(journey, session);
      await journey.advance(minute);
      return {
        mend: async () => {
          const [one] = await rows<{ id: string }>("select stripe_id as id from refunds");
          await journey.control("POST", "refunds", { refund: one?.id, status: "succeeded" });
        },
      };
    },
  },
  dispute_lost: {
    "after its expert was paid": lostDispute(true),
    "before its expert was paid": lostDispute(false),
  },
  refunded_at_stripe: {
    "of an accepted offer": async () => {
      await refundAtStripe(journey, await acceptedOffer(journey), 1_000);
      await journey.advance(minute);
      return {};
    },
    "of all of an accepted offer": async () => {
      await refundAtStripe(journey, await acceptedOffer(journey));
      await journey.advance(minute);
      return {};
    },
    "of a payment that we were giving back": async () => {
      await journey.events("drop");
      const session = await paidHundred(journey);
      await refundAtStripe(journey, session, 100);
      await journey.events("deliver");
      await journey.accept(session);
      await journey.advance(minute);
      return {};
    },
    "and the refund fails after all": async () => {
      const session = await acceptedOffer(journey);
      await journey.control("POST", "refunds", { next: "succeed_then_fail" });
      await refundAtStripe(journey, session, 1_000);
      await journey.advance(1);
      return { mend: () => journey.advance(minute + 1) };
    },
  },
  transfer_reversed_at_stripe: {
    "of a paid expert": async () => {
      const { testimonyId } = await acceptedOffer(journey);
      const [{ id }] = (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data;
      await journey.stripePost(`/transfers/${id}/reversals`, { amount: 300 });
      await journey.advance(minute);
      return {};
    },
  },
  settlement_currency: {
    "a charge that was settled in dollars": async () => {
      const session = await paidHundred(journey);
      await changeAtStripe(
        "$.currency",
        "usd",
        "kind = 'balance_transaction' and json_extract(body, '$.type') = 'charge'",
      );
      await journey.accept(session);
      await journey.advance(minute);
      return {};
    },
  },
  session_mismatch: {
    "a page on which another amount was paid": async () => {
      await journey.events("drop");
      const session = await paidHundred(journey);
      await changeAtStripe("$.amount_total", 100, `id = '${session.sessionId}'`);
      await journey.accept(session);
      return {};
    },
  },
} satisfies Partial<Record<AttentionKind | FoundKind, Causes>>;

/** Makes a debt: a payout is sent, goes to the bank, and is then taken back. */
async function indebted(): Promise<PaidSession> {
  const session = await acceptedOffer(journey);
  await journey.advance(3 * day);
  const [{ destination }] = (await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data;
  await journey.control("POST", "payouts", { account: destination });
  await refund(journey, session);
  await journey.advance(minute);
  return session;
}

function refundsSucceed() {
  return journey.control("POST", "refunds", { next: "succeed" });
}

function lostDispute(onboarded: boolean): () => Promise<Waits> {
  return async () => {
    const session: PaidSession = await acceptedOffer(journey, { onboarded });
    await decideDispute(journey, await disputeAtStripe(journey, session), "lost");
    await journey.advance(minute);
    return {};
  };
}

/** Changes a member at Stripe, so that it differs from what we expect. */
async function changeAtStripe(member: string, value: string | number, where: string): Promise<void> {
  const stub = env.EMULATOR.get(env.EMULATOR.idFromName("stripe"));
  const written = await runInDurableObject(
    stub,
    (_, state) =>
      state.storage.sql.exec(`update objects set body = json_set(body, ?, ?) where ${where}`, member, value)
        .rowsWritten,
  );
  expect(written).toBeGreaterThan(0);
}
