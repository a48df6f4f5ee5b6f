import { exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { attentionOf, payoutOf, rows } from "../rows";
import { acceptedOffer } from "./accepted-offer";
import { decideDispute, disputeAtStripe, refundAtStripe } from "./at-stripe";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

function resolve({ testimonyId }: PaidSession, body: { note: string; kind?: string }) {
  return journey.operator("POST", `/testimonies/${testimonyId}/resolve-attention`, body);
}

/**
 * Makes a paid out offer of which 10.00 were refunded out-of-band, the transfer was partly reversed, and which is
 * disputed.
 */
async function muchWrong(): Promise<{ session: PaidSession; disputeId: string }> {
  const session = await acceptedOffer(journey);
  await refundAtStripe(journey, session, 1_000);
  await journey.advance(60);
  const [{ id }] = (await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data;
  await journey.stripePost(`/transfers/${id}/reversals`, { amount: 300 });
  await journey.advance(60);
  const disputeId = await disputeAtStripe(journey, session);
  await journey.advance(60);
  return { session, disputeId };
}

it("names every reason, since when, about what and how much, the oldest first", async () => {
  const { session, disputeId } = await muchWrong();
  const { entries: reasons } = (await journey.operator("GET", "/attention")).body.data;
  expect(reasons).toMatchObject([
    { kind: "refunded_at_stripe", about: { kind: "refund" }, amount: 1_000, currency: "eur" },
    { kind: "transfer_reversed_at_stripe", about: { kind: "reversal" }, amount: 300, currency: "eur" },
    { kind: "dispute_open", about: { kind: "dispute", id: disputeId }, amount: 11_100, currency: "eur" },
  ]);
  const since = reasons.map((one: { since: string }) => Date.parse(one.since));
  expect(since[1] - since[0]).toBeGreaterThanOrEqual(59_000);
  expect(since[2] - since[1]).toBeGreaterThanOrEqual(59_000);
  expect(reasons.every((one: { aggregateId: string }) => one.aggregateId === session.testimonyId)).toBe(true);
});

it("lets the world end its own, and nothing else with it", async () => {
  const { session, disputeId } = await muchWrong();
  await decideDispute(journey, disputeId, "won");
  await journey.advance(1);
  expect(await attentionOf(session)).toEqual(["refunded_at_stripe", "transfer_reversed_at_stripe"]);
});

it("lets an operator end one kind, or all that a note can end, and keeps who and why", async () => {
  const { session } = await muchWrong();
  expect((await resolve(session, { note: "No.", kind: "dispute_open" })).status).toBe(409);
  expect((await resolve(session, { note: "No.", kind: "nonsense" })).status).toBe(422);
  expect((await resolve(session, { note: "Agreed.", kind: "refunded_at_stripe" })).status).toBe(204);
  expect(await attentionOf(session)).toEqual(["dispute_open", "transfer_reversed_at_stripe"]);
  expect((await resolve(session, { note: "All seen." })).status).toBe(204);
  expect(await attentionOf(session)).toEqual(["dispute_open"]);
  expect((await resolve(session, { note: "Again." })).status).toBe(409);
  const cleared = await rows<object>(
    "select kind, cleared_by, cleared_note from attention where aggregate_id = ? and cleared_at is not null order by kind",
    session.testimonyId,
  );
  expect(cleared).toEqual([
    { kind: "refunded_at_stripe", cleared_by: "operator:sandbox", cleared_note: "Agreed." },
    { kind: "transfer_reversed_at_stripe", cleared_by: "operator:sandbox", cleared_note: "All seen." },
  ]);
});

it("ends one of two reasons of a kind, and leaves the other", async () => {
  const session = await acceptedOffer(journey);
  await journey.control("POST", "refunds", { next: "succeed_then_fail" });
  await refundAtStripe(journey, session, 1_000);
  await refundAtStripe(journey, session, 500);
  await journey.advance(1);
  expect(await attentionOf(session)).toEqual(["refunded_at_stripe", "refunded_at_stripe"]);
  await journey.advance(61); // the first refund has failed
  const { entries: reasons } = (await journey.operator("GET", "/attention")).body.data;
  expect(reasons).toMatchObject([{ kind: "refunded_at_stripe", amount: 500 }]);
});

it("keeps a reason's first moment while it stands, whatever is found beside it, and begins anew once it was ended", async () => {
  const session = await acceptedOffer(journey, { onboarded: false });
  const heldSince = () =>
    rows<{ since: number; ended: number }>(
      `select since, cleared_at is not null as ended from attention
       where aggregate_id = ? and kind = 'payout_held' order by since`,
      session.testimonyId,
    );
  await refundAtStripe(journey, session, 1_000);
  await journey.advance(1);
  const [first] = await heldSince();
  await journey.advance(60);
  const disputeId = await disputeAtStripe(journey, session);
  await journey.advance(1);
  expect((await payoutOf(session)).holds).toContain("dispute_open");
  expect(await heldSince()).toEqual([first]);
  await decideDispute(journey, disputeId, "won");
  await journey.advance(1);
  expect(await heldSince()).toEqual([first]);
  const path = `/testimonies/${session.testimonyId}/release-payout`;
  expect((await journey.operator("POST", path, { note: "Agreed." })).status).toBe(204);
  await journey.advance(60);
  await refundAtStripe(journey, session, 100);
  await journey.advance(1);
  const [ended, again] = await heldSince();
  expect(ended).toEqual({ since: first?.since, ended: 1 });
  expect(again?.ended).toBe(0);
  expect((again?.since ?? 0) - (first?.since ?? 0)).toBeGreaterThanOrEqual(120_000);
});

it("keeps a dispute's first moment when the same news comes again, and says what became of it", async () => {
  const session = await acceptedOffer(journey);
  const id = await disputeAtStripe(journey, session);
  await journey.advance(1);
  const sinceOf = async () =>
    (await rows<{ since: number }>("select since from attention where aggregate_id = ?", session.testimonyId)).map(
      ({ since }) => since,
    );
  const [first] = await sinceOf();
  await journey.stripePost(`/disputes/${id}`, { submit: "false", "evidence[uncategorized_text]": "More." });
  await journey.advance(60);
  expect(await sinceOf()).toEqual([first]);
  await decideDispute(journey, id, "lost");
  await journey.advance(1);
  expect(await attentionOf(session)).toEqual(["dispute_lost"]);
});
