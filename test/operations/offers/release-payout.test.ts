import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession, type Person } from "../../journey";
import { expectBooks, expectProof, hundred } from "../books";
import { attentionOf, payoutOf, rows } from "../rows";
import { acceptedOffer, atStripe, refund, undone } from "./accepted-offer";
import { chargeOf, decideDispute, disputeAtStripe, paidHundred, refundAtStripe } from "./at-stripe";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

async function onboard({ expert }: { expert: Person }): Promise<void> {
  await journey.onboard(expert);
  await journey.advance(1);
}

function release({ testimonyId }: PaidSession, amount?: number) {
  const body = { note: "Agreed with the expert.", ...(amount === undefined ? {} : { amount }) };
  return journey.operator("POST", `/testimonies/${testimonyId}/release-payout`, body);
}

function retry({ testimonyId }: PaidSession) {
  return journey.operator("POST", `/testimonies/${testimonyId}/retry-payout`, {});
}

/** Waits until the transfer's call has failed once, with the SDK's own repeat. */
function tried(): Promise<void> {
  const attempts = () => rows<{ n: number }>("select attempts as n from stripe_effects where kind = 'create-transfer'");
  return expect.poll(async () => (await attempts())[0]?.n, { timeout: 10_000 }).toBe(1);
}

/** Loses every answer about a transfer that Stripe has made. */
async function answerLost(): Promise<PaidSession> {
  await journey.fault("POST /v1/transfers", "timeout_after", 1_000);
  const session = await paidHundred(journey);
  expect((await journey.accept(session)).status).toBe(204);
  await tried();
  expect((await atStripe(journey, session)).transfers).toEqual([[10_000, 0]]);
  expect(await payoutOf(session)).toMatchObject({ state: "sending" });
  return session;
}

const heldFor = (...holds: string[]) => ({ state: "held", holds });

/** The ledger after one accepted and paid out offer of 100.00. */
const paidOut = {
  stripe_balance: hundred.totalMinor - hundred.feeMinor - hundred.priceMinor,
  stripe_fees: hundred.feeMinor,
  commission: -hundred.commissionMinor,
};

describe("a payout whose money went back at Stripe", () => {
  it.each(["deliver", "drop"] as const)("is held, and no retry sends it (events: %s)", async (mode) => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.events(mode);
    await refundAtStripe(journey, session);
    if (mode === "deliver") await journey.advance(1);
    await onboard(session);
    await journey.advance(7 * 60 * 60);
    expect(await payoutOf(session)).toMatchObject(heldFor("refunded_at_stripe"));
    expect(await attentionOf(session)).toEqual(["payout_held", "refunded_at_stripe"]);
    expect((await retry(session)).status).toBe(204);
    await journey.advance(24 * 60 * 60);
    expect(await attentionOf(session)).toEqual(["payout_held", "refunded_at_stripe"]);
    expect((await atStripe(journey, session)).transfers).toEqual([]);
    await expectProof(journey);
  });

  it("says all its reasons at once, and each ends by itself", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.control("POST", "refunds", { next: "succeed_then_fail" });
    await refundAtStripe(journey, session, 1_000);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject(heldFor("account_missing", "refunded_at_stripe"));
    const id = await disputeAtStripe(journey, session);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject(heldFor("account_missing", "dispute_open", "refunded_at_stripe"));
    await onboard(session);
    expect(await payoutOf(session)).toMatchObject(heldFor("dispute_open", "refunded_at_stripe"));
    await journey.advance(61); // the refund has failed
    expect(await payoutOf(session)).toMatchObject(heldFor("dispute_open"));
    await decideDispute(journey, id, "won");
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", holds: [], sent_minor: 10_000 });
    expect(await attentionOf(session)).toEqual([]);
    await expectProof(journey);
  });

  it("is not sent by a call that is resumed", async () => {
    await journey.fault("POST /v1/transfers", "timeout_before", 1_000);
    const session = await paidHundred(journey);
    expect((await journey.accept(session)).status).toBe(204);
    await tried();
    await journey.events("drop");
    await refundAtStripe(journey, session, 500);
    await journey.control("DELETE", "faults");
    for (const seconds of [10, 30, 90, 90, 400]) await journey.advance(seconds);
    expect(await payoutOf(session)).toMatchObject(heldFor("refunded_at_stripe"));
    expect((await atStripe(journey, session)).transfers).toEqual([]);
    await expectProof(journey);
  });

  it("that Stripe had sent all the same counts as paid", async () => {
    await journey.events("drop");
    const session = await answerLost();
    await refundAtStripe(journey, session, 500);
    await journey.control("DELETE", "faults");
    await journey.advance(60);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", sent_minor: 10_000 });
    expect((await atStripe(journey, session)).transfers).toEqual([[10_000, 0]]);
    await journey.advance(11 * 60);
    await expectProof(journey);
  });

  it("is held when somebody has sent the money elsewhere", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    const other = await acceptedOffer(journey);
    const [transfer] = (await journey.stripe(`/transfers?transfer_group=${other.testimonyId}`)).data;
    const { id: source_transaction } = await chargeOf(journey, session);
    const spent = { amount: 4_000, currency: "eur", destination: transfer.destination, source_transaction };
    expect((await journey.stripePost("/transfers", spent)).object).toBe("transfer");
    await onboard(session);
    expect(await payoutOf(session)).toMatchObject(heldFor("charge_spent"));
    expect(await attentionOf(session)).toEqual(["payout_held"]);
  });
});

describe("a lost dispute", () => {
  it("holds the payout for good", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await decideDispute(journey, await disputeAtStripe(journey, session), "lost");
    await journey.advance(1);
    await onboard(session);
    for (let days = 0; days < 3; days += 1) await journey.advance(24 * 60 * 60);
    expect(await payoutOf(session)).toMatchObject(heldFor("dispute_lost"));
    expect(await attentionOf(session)).toEqual(["dispute_lost", "payout_held"]);
    expect((await atStripe(journey, session)).transfers).toEqual([]);
    expect((await release(session)).status).toBe(422);
    expect((await release(session, 1)).status).toBe(422);
    await expectProof(journey);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(10);
    expect(await payoutOf(session)).toMatchObject({ state: "cancelled" });
    expect((await atStripe(journey, session)).refunds).toEqual([]);
    await expectProof(journey);
  });
});

describe("an operator's release", () => {
  async function heldAfter(amount: number, { onboarded = true } = {}): Promise<PaidSession> {
    const session = await acceptedOffer(journey, { onboarded: false });
    await refundAtStripe(journey, session, amount);
    await journey.advance(1);
    if (onboarded) await onboard(session);
    return session;
  }

  it("sends all of it while the charge holds so much, and the reasons are answered", async () => {
    const session = await heldAfter(2_000);
    // The charge still holds 101.00, the price was 100.00.
    expect((await release(session, 10_001)).body).toMatchObject({ code: "amount_exceeds_charge" });
    expect((await release(session)).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", sent_minor: 10_000, lowered_minor: 0 });
    expect(await attentionOf(session)).toEqual([]);
    const cleared = await rows<{ by: string; note: string }>(
      "select cleared_by as by, cleared_note as note from attention where aggregate_id = ? and kind = 'payout_held'",
      session.testimonyId,
    );
    expect(cleared).toEqual([{ by: "operator:sandbox", note: "Agreed with the expert." }]);
    await expectBooks(journey, {
      ...paidOut,
      stripe_balance: paidOut.stripe_balance - 2_000,
      refunds_made_at_stripe: 2_000,
    });
  });

  it("sends less, never more than the charge holds; the expert carries the rest, until it is taken back", async () => {
    const session = await heldAfter(5_000);
    expect((await release(session)).body).toMatchObject({ status: 422, code: "amount_exceeds_charge" });
    expect((await release(session, 7_101)).body).toMatchObject({ code: "amount_exceeds_charge" });
    expect((await release(session, 7_100)).status).toBe(204);
    await journey.advance(1);
    expect((await atStripe(journey, session)).transfers).toEqual([[7_100, 0]]);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", sent_minor: 7_100, lowered_minor: 2_900 });
    await expectBooks(journey, {
      stripe_balance: 12_100 - hundred.feeMinor - 5_000 - 7_100,
      stripe_fees: hundred.feeMinor,
      commission: -2_100,
      refunds_made_at_stripe: 5_000 - 2_900,
    });
    expect((await release(session)).status).toBe(409);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(30);
    expect(await atStripe(journey, session)).toMatchObject({ transfers: [[7_100, 7_100]] });
    await expectBooks(journey, undone);
  });

  it.each([
    ["a release", true],
    ["no release", false],
  ])(
    "has answered what was refunded at Stripe for good, when a refund of the whole follows (%s)",
    async (_, isReleased) => {
      const session = await heldAfter(2_000);
      if (isReleased) {
        expect((await release(session)).status).toBe(204);
        await journey.advance(1);
      }
      expect((await refund(journey, session)).status).toBe(204);
      for (const seconds of [30, 7 * 60 * 60, 25 * 60 * 60]) await journey.advance(seconds);
      expect(await attentionOf(session)).toEqual([]);
      const told = await rows(
        "select 1 from outbox where aggregate_id = ? and type = 'payment.refunded_at_stripe'",
        session.testimonyId,
      );
      expect(told).toHaveLength(1);
      // The part that the client has back already belongs to the whole, so nothing is at our expense.
      await expectBooks(journey, undone);
    },
  );

  it("waits on for the account", async () => {
    const session = await heldAfter(2_000, { onboarded: false });
    expect((await release(session)).status).toBe(204);
    await journey.advance(10);
    expect(await payoutOf(session)).toMatchObject(heldFor("account_missing"));
    expect(await attentionOf(session)).toEqual([]);
    await onboard(session);
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
  });

  it("is no leave for what goes back later", async () => {
    const session = await heldAfter(1_000, { onboarded: false });
    expect((await release(session)).status).toBe(204);
    await journey.advance(10);
    await refundAtStripe(journey, session, 100);
    await onboard(session);
    expect(await payoutOf(session)).toMatchObject(heldFor("refunded_at_stripe"));
    expect((await atStripe(journey, session)).transfers).toEqual([]);
  });

  it("is refused where only the account is missing, and for what does not exist", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    expect((await release(session)).status).toBe(409);
    expect((await release({ ...session, testimonyId: crypto.randomUUID() })).status).toBe(404);
    const bare = await journey.operator("POST", `/testimonies/${session.testimonyId}/release-payout`, { amount: 5 });
    expect(bare.status).toBe(422);
  });
});

describe("an account that becomes able", () => {
  it("gets every payout that waited for it", async () => {
    const expert = await journey.registerExpert();
    const sessions: PaidSession[] = [];
    for (let offers = 0; offers < 3; offers += 1) {
      const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
      expect((await journey.accept(session)).status).toBe(204);
      sessions.push(session);
    }
    await journey.advance(1);
    for (const session of sessions) expect(await payoutOf(session)).toMatchObject(heldFor("account_missing"));
    await onboard({ expert });
    for (const session of sessions) expect(await payoutOf(session)).toMatchObject({ state: "paid" });
  });
});

describe("an account that is gone", () => {
  /** Gives the expert another account. The former one is deleted at Stripe, or stays there. */
  async function anotherAccount(session: PaidSession, { isDeleted = true } = {}): Promise<string> {
    const next = await journey.registerExpert();
    await onboard({ expert: next });
    const idOf = async (person: Person) =>
      (await rows<{ id: string }>("select user_id as id from user_emails where email = ?", person.email))[0]?.id ?? "";
    const accountOf = async (userId: string) =>
      (await rows<{ id: string }>("select stripe_account_id as id from payout_accounts where user_id = ?", userId))[0]
        ?.id ?? "";
    const [expertId, nextId] = [await idOf(session.expert), await idOf(next)];
    const [gone, fresh] = [await accountOf(expertId), await accountOf(nextId)];
    await runInDurableObject(env.EMULATOR.get(env.EMULATOR.idFromName("stripe")), (_, { storage }) =>
      storage.sql.exec("delete from objects where kind = 'account' and id = ?", isDeleted ? gone : ""),
    );
    await env.DB.batch([
      env.DB.prepare("delete from payout_accounts where user_id = ?").bind(nextId),
      env.DB.prepare("update payout_accounts set stripe_account_id = ? where user_id = ?").bind(fresh, expertId),
    ]);
    return fresh;
  }

  async function transfersOf({ testimonyId }: PaidSession) {
    return (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data;
  }

  it("gets no second transfer when the answer to the first was lost", async () => {
    const session = await answerLost();
    const fresh = await anotherAccount(session);
    await journey.control("DELETE", "faults");
    for (const seconds of [10, 60, 600, 25 * 60 * 60]) await journey.advance(seconds);
    const transfers = await transfersOf(session);
    expect(transfers).toHaveLength(1);
    expect(transfers[0].destination).not.toBe(fresh);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", transfer_id: transfers[0].id });
    await expectProof(journey);
  });

  it.each([
    ["deleted", true],
    ["left", false],
  ])("is followed by the new one when the first was never made (the former one is %s)", async (_, isDeleted) => {
    await journey.fault("POST /v1/transfers", "timeout_before", 1_000);
    const session = await paidHundred(journey);
    expect((await journey.accept(session)).status).toBe(204);
    await tried();
    const fresh = await anotherAccount(session, { isDeleted });
    await journey.control("DELETE", "faults");
    for (const seconds of [10, 30, 90, 90, 400]) await journey.advance(seconds);
    const transfers = await transfersOf(session);
    expect(transfers.map((one: { destination: string }) => one.destination)).toEqual([fresh]);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", transfer_id: transfers[0].id });
    await expectProof(journey);
  });

  it("holds the payout while there is no other", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    await journey.onboard(session.expert);
    const [row] = await rows<{ id: string }>("select stripe_account_id as id from payout_accounts");
    await runInDurableObject(env.EMULATOR.get(env.EMULATOR.idFromName("stripe")), (_, { storage }) =>
      storage.sql.exec("delete from objects where kind = 'account' and id = ?", row?.id ?? ""),
    );
    await journey.events("drop");
    for (let looks = 0; looks < 2; looks += 1) await journey.advance(7 * 60 * 60);
    expect(await payoutOf(session)).toMatchObject(heldFor("account_gone"));
    expect((await atStripe(journey, session)).transfers).toEqual([]);
  });
});

it("is not released while Stripe does not say what the charge holds", async () => {
  const session = await acceptedOffer(journey, { onboarded: false });
  await refundAtStripe(journey, session, 1_000);
  await journey.advance(1);
  await onboard(session);
  await journey.control("POST", "outage", { kind: "500", seconds: 3_600 });
  const refused = await release(session, 1_000);
  expect([refused.status, refused.body.code]).toEqual([503, "stripe_unavailable"]);
  await journey.advance(3_700);
  expect((await payoutOf(session)).state).toBe("held");
  expect((await release(session, 1_000)).status).toBe(204);
});

it("is not sent again where none was decided", async () => {
  const offer = await journey.offerOnTable({ onboarded: false });
  const refused = await journey.operator("POST", `/testimonies/${offer.testimonyId}/retry-payout`, {});
  expect([refused.status, refused.body.code]).toEqual([409, "state_wrong"]);
});
