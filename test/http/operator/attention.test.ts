import { beforeEach, expect, it, vi } from "vitest";
import { acceptedOffer } from "../../operations/offers/accepted-offer";
import { refundAtStripe } from "../../operations/offers/at-stripe";
import { makeEndpoint } from "../../webhooks/owner";
import { journey } from "../checked";
import { entries, entryOf, stepOf, take } from "./attention/entry";

/** Tests the list as a whole; each kind and its next steps are tested in attention/each-kind.test.ts. */
beforeEach(() => journey.reset());

it("calls nobody before a payout has waited for a day, and once a person must release it, says only that", async () => {
  const session = await acceptedOffer(journey, { onboarded: false });
  expect(await entries()).toEqual([]); // it is held, and no person is needed yet
  await journey.advance(25 * 60 * 60);
  const waiting = await entryOf("payout_waiting");
  expect(waiting).toMatchObject({ amount: 10_000, currency: "eur", about: { kind: "payout" } });
  expect(Date.parse(waiting.byItself.at ?? "")).toBeGreaterThan(Date.parse(waiting.since));
  await refundAtStripe(journey, session, 1_000);
  await journey.advance(60);
  expect((await entries()).map(({ kind }) => kind).toSorted()).toEqual(["payout_held", "refunded_at_stripe"]);
});

it("prints so much to release as the charge still holds", async () => {
  const session = await acceptedOffer(journey, { onboarded: false });
  await refundAtStripe(journey, session, 5_000);
  await journey.advance(60);
  const step = stepOf(await entryOf("payout_held"), "release-payout");
  expect(step.body).toMatchObject({ amount: 7_100 });
  await take(step);
  await journey.onboard(session.expert);
  await journey.advance(60);
  const [transfer] = (await journey.stripe(`/transfers?transfer_group=${session.testimonyId}`)).data;
  expect(transfer.amount).toBe(7_100);
});

it("lets a note end what an endpoint never took", async () => {
  await makeEndpoint("main");
  await journey.control("POST", "inbox", { box: "main", mode: "gone" });
  await acceptedOffer(journey);
  await vi.waitFor(async () => expect(await entries()).toHaveLength(2), 60_000);
  for (const one of await entries()) await take(stepOf(one, "close-attention"));
  expect(await entries()).toEqual([]);
});

it("closes nothing that the world has to end, and nothing that does not wait", async () => {
  const close = (kind: string) =>
    journey.operator("POST", "/attention/close", { kind, aggregate: "a", about: "b", note: "Seen." });
  expect((await close("payout_waiting")).body.code).toBe("state_wrong");
  expect((await close("refund_failed")).body.code).toBe("id_unknown");
});
