import { exports } from "cloudflare:workers";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { setPayoutRelease } from "../../drawn-settings";
import { Journey, type PaidSession } from "../../journey";
import { expectProof, hundred } from "../books";
import { attentionOf, journalOf, payoutOf, rows } from "../rows";
import { atStripe, refund } from "./accepted-offer";
import { disputeAtStripe, refundAtStripe } from "./at-stripe";

const journey = new Journey((request) => exports.default.fetch(request));
const day = 24 * 60 * 60;

beforeEach(() => journey.reset());
afterAll(() => setPayoutRelease(undefined));

/** Makes an accepted offer of 100.00 under a rule. */
async function accepted(release: string | undefined, { onboarded = true } = {}): Promise<PaidSession> {
  setPayoutRelease(release);
  const expert = await journey.registerExpert();
  if (onboarded) await journey.onboard(expert);
  await journey.advance(0);
  const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(1);
  return session;
}

const waiting = { state: "held", holds: ["not_released"], transfer_id: null };
const paid = { state: "paid", holds: [], sent_minor: hundred.priceMinor };

async function accountOf({ expert }: PaidSession) {
  return (await journey.call("GET", "/api/v1/me/payout-account", { token: expert.token })).body.data;
}

function complete({ testimonyId, expert }: PaidSession) {
  return journey.call("POST", `/api/v1/testimonies/${testimonyId}/complete`, { token: expert.token });
}

function release({ testimonyId }: PaidSession, more: object = {}) {
  return journey.operator("POST", `/testimonies/${testimonyId}/release-payout`, { note: "Agreed.", ...more });
}

async function listed({ testimonyId }: PaidSession) {
  const { entries } = (await journey.operator("GET", "/attention")).body.data;
  return entries.filter((one: { aggregateId: string }) => one.aggregateId === testimonyId);
}

it("sends a payout at acceptance by default, and shows nobody a release", async () => {
  const session = await accepted(undefined);
  expect(await payoutOf(session)).toMatchObject({ ...paid, release_on: null, release_at: null });
  expect((await accountOf(session)).waiting).toEqual([]);
});

describe("a payout that waits for a number of days", () => {
  it("is sent on its day, once and not earlier, under the rule that it was made with", async () => {
    const session = await accepted("days:7");
    expect(await payoutOf(session)).toMatchObject(waiting);
    setPayoutRelease("accepted");
    await journey.advance(7 * day - 60);
    expect(await payoutOf(session)).toMatchObject(waiting);
    expect((await atStripe(journey, session)).transfers).toEqual([]);
    for (const seconds of [60, 60, day]) await journey.advance(seconds);
    expect(await payoutOf(session)).toMatchObject(paid);
    expect((await atStripe(journey, session)).transfers).toEqual([[hundred.priceMinor, 0]]);
    await expectProof(journey);
  });

  it("is shown to its expert with its date, by the account and by a notification, and to no operator", async () => {
    const session = await accepted("days:7");
    const [row] = await rows<{ release_at: number; created_at: number }>("select * from payouts");
    expect((row?.release_at ?? 0) - (row?.created_at ?? 0)).toBe(7 * day * 1000);
    const releaseAt = new Date(row?.release_at ?? 0).toISOString();
    const { testimonyId } = session;
    expect(await accountOf(session)).toMatchObject({
      status: "ready",
      waiting: [
        {
          testimonyId,
          amount: hundred.price,
          reasons: ["not_released"],
          toDo: ["wait"],
          releaseAt: releaseAt.replace(/\.\d+Z/, "+00:00"),
        },
      ],
    });
    const told = await journey.call("GET", "/api/v1/me/notifications", { token: session.expert.token });
    expect(told.body.data).toContainEqual(
      expect.objectContaining({
        type: "payout.held",
        data: expect.objectContaining({ reasons: ["not_released"], toDo: ["wait"], releaseAt }),
      }),
    );
    await journey.advance(2 * day);
    expect(await listed(session)).toEqual([]);
  });

  it("asks Stripe nothing while its day has not come", async () => {
    await accepted("days:7");
    const asked = async () => (await journey.control("GET", "requests?match=GET%20/v1/charges/*")).body.requests.length;
    const before = await asked();
    for (let days = 0; days < 6; days += 1) await journey.advance(day);
    expect(await asked()).toBe(before);
  });

  it("waits for its other reasons as well, and after its day they are an operator's like any other", async () => {
    const session = await accepted("days:7", { onboarded: false });
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["account_missing", "not_released"] });
    await journey.advance(7 * day);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["account_missing"] });
    expect(await listed(session)).toEqual([]);
    await journey.advance(day + 60);
    expect(await listed(session)).toMatchObject([{ kind: "payout_waiting" }]);
    await journey.onboard(session.expert);
    await journey.advance(60);
    expect(await payoutOf(session)).toMatchObject(paid);
    await expectProof(journey);
  });

  it.each([
    ["goes back at Stripe", (one: PaidSession) => refundAtStripe(journey, one, 500), "refunded_at_stripe"],
    ["is disputed", (one: PaidSession) => disputeAtStripe(journey, one), "dispute_open"],
  ])("is held on when its money %s before its day, events or not", async (_, happens, hold) => {
    await journey.events("drop");
    const session = await accepted("days:7");
    await happens(session);
    await journey.advance(7 * day);
    await journey.advance(day);
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: [hold] });
    expect((await atStripe(journey, session)).transfers).toEqual([]);
    await journey.events("deliver");
    await journey.advance(day);
    await expectProof(journey);
  });

  it("is never sent when the acceptance was taken back before its day", async () => {
    const session = await accepted("days:7");
    expect((await refund(journey, session)).status).toBe(204);
    for (const seconds of [1, 7 * day, 60]) await journey.advance(seconds);
    expect(await payoutOf(session)).toMatchObject({ state: "cancelled" });
    expect(await atStripe(journey, session)).toMatchObject({
      transfers: [],
      refunds: [[hundred.totalMinor, "succeeded"]],
    });
    expect((await accountOf(session)).waiting).toEqual([]);
    await expectProof(journey);
  });

  it("is lowered by a part that goes back before its day", async () => {
    const session = await accepted("days:7");
    const part = { reason: "Late.", amount: 1_210 };
    expect((await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, part)).status).toBe(204);
    for (const seconds of [1, 7 * day, 60]) await journey.advance(seconds);
    expect((await atStripe(journey, session)).transfers).toEqual([[9_000, 0]]);
    await expectProof(journey);
  });

  it("is sent early by an operator who says so, once", async () => {
    const session = await accepted("days:7");
    expect((await release(session)).status).toBe(409);
    expect((await release(session, { early: true, amount: 5_000 })).status).toBe(409);
    expect(await payoutOf(session)).toMatchObject(waiting);
    expect((await release(session, { early: true })).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject(paid);
    expect((await release(session, { early: true })).status).toBe(409);
    expect((await atStripe(journey, session)).transfers).toEqual([[hundred.priceMinor, 0]]);
    await expectProof(journey);
  });

  it("waits on for its day when an operator has decided about its money alone", async () => {
    const session = await accepted("days:7");
    await refundAtStripe(journey, session, 500);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ holds: ["refunded_at_stripe", "not_released"] });
    expect((await release(session, { amount: 9_000 })).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ ...waiting, lowered_minor: 1_000 });
    for (const seconds of [7 * day, 60]) await journey.advance(seconds);
    expect((await atStripe(journey, session)).transfers).toEqual([[9_000, 0]]);
    await expectProof(journey);
  });
});

describe("a payout that waits for completion", () => {
  it("is sent when the expert has completed, once, and a repeated completion changes nothing", async () => {
    const session = await accepted("completed");
    expect((await accountOf(session)).waiting).toMatchObject([
      { reasons: ["not_released"], toDo: ["complete_testimony"] },
    ]);
    await journey.advance(20 * day);
    expect(await payoutOf(session)).toMatchObject(waiting);
    expect((await complete(session)).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject(paid);
    expect((await complete(session)).status).toBe(409);
    expect((await atStripe(journey, session)).transfers).toEqual([[hundred.priceMinor, 0]]);
    await expectProof(journey);
  });

  it("is sent by the sweep where the job after completion was lost", async () => {
    const session = await accepted("completed");
    await journey.fault("GET /v1/charges/*", "500", 100);
    expect((await complete(session)).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "due", holds: [] });
    await journey.control("DELETE", "faults");
    for (const seconds of [60, 60]) await journey.advance(seconds);
    expect(await payoutOf(session)).toMatchObject(paid);
  });

  it("is held on for the other reasons when it is completed", async () => {
    const session = await accepted("completed", { onboarded: false });
    expect((await complete(session)).status).toBe(204);
    await journey.advance(1);
    expect(await payoutOf(session)).toMatchObject({ state: "held", holds: ["account_missing"] });
    await journey.onboard(session.expert);
    await journey.advance(60);
    expect(await payoutOf(session)).toMatchObject(paid);
  });

  it("calls an operator after 60 days, who takes it back, sends it, or sees it completed", async () => {
    const [back, sent, late] = [await accepted("completed"), await accepted("completed"), await accepted("completed")];
    await journey.advance(60 * day - 60);
    expect(await attentionOf(late)).toEqual([]);
    for (const seconds of [120, day]) await journey.advance(seconds);
    for (const session of [back, sent, late]) {
      expect(await payoutOf(session)).toMatchObject(waiting);
      expect(await attentionOf(session)).toEqual(["payout_held"]);
    }
    const [item] = await listed(sent);
    expect(item).toMatchObject({ kind: "payout_held", note: "not_released" });
    const step = item.steps.find(({ operation }: { operation: string }) => operation === "release-payout");
    expect(step?.body).toMatchObject({ early: true });
    expect((await refund(journey, back)).status).toBe(204);
    expect((await release(sent, { early: true })).status).toBe(204);
    const { token } = (
      await journey.call("POST", "/api/v1/auth/login", {
        body: { email: late.expert.email, password: "correct-horse-9" },
      })
    ).body.data;
    await journey.fault("GET /v1/charges/*", "500", 2); // the entry ends with the completion, and not with the payout
    expect((await complete({ ...late, expert: { ...late.expert, token } })).status).toBe(204); // tokens end after 60 days
    expect(await attentionOf(late)).toEqual([]);
    await journey.control("DELETE", "faults");
    for (const seconds of [1, 70]) await journey.advance(seconds);
    expect((await payoutOf(back)).state).toBe("cancelled");
    for (const session of [sent, late]) expect(await payoutOf(session)).toMatchObject(paid);
    for (const session of [back, sent, late]) expect(await attentionOf(session)).toEqual([]);
    expect((await journalOf(late)).filter((name) => name === "hold-payout")).toHaveLength(1);
    await expectProof(journey);
  });
});
