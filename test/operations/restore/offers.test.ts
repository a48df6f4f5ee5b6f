import { beforeEach, describe, expect, it } from "vitest";
import { journey } from "../../http/checked";
import { cards, type PaidSession } from "../../journey";
import { expectProof, hundred } from "../books";
import { quickly } from "../faults/quickly";
import { acceptedOffer, atStripe, refund } from "../offers/accepted-offer";
import { attentionOf, checkoutState, payoutOf, rows } from "../rows";
import { markRestored, putBack, recover, restore, takeSnapshot } from "./put-back";

beforeEach(async () => {
  quickly();
  await journey.reset();
});

async function accountsAtStripe(): Promise<string[]> {
  return (await journey.stripe("/accounts")).data.map(({ id }: { id: string }) => id);
}

const whole = { refunds: [[hundred.totalMinor, "succeeded"]], transfers: [] };
const paidOut = { refunds: [], transfers: [[hundred.priceMinor, 0]] };

describe("a checkout of the lost time", () => {
  it("that was accepted and paid out is accepted again, and the expert has the money once", async () => {
    const offer = await journey.offerOnTable({ price: hundred.price });
    const snapshot = await takeSnapshot(journey);
    const session = await journey.checkout(offer);
    await journey.pay(session);
    expect((await journey.accept(session)).status).toBe(204);
    await journey.advance(1);
    const before = await payoutOf(session);
    const found = await restore(journey, snapshot);
    expect(found[session.sessionId]).toBe("rebuilt");
    expect(await journey.state(session)).toBe("accepted");
    expect((await journey.accept(session)).status).toBe(204);
    expect(await payoutOf(session)).toMatchObject({ id: before.id, state: "paid", transfer_id: before.transfer_id });
    expect(await atStripe(journey, session)).toEqual(paidOut);
    expect(await attentionOf(session)).toEqual([]);
    await expectProof(journey);
  });

  it("whose page is older is accepted again", async () => {
    const session = await journey.checkout(await journey.offerOnTable({ price: hundred.price }));
    const snapshot = await takeSnapshot(journey);
    await journey.pay(session);
    await journey.accept(session);
    await journey.advance(1);
    await restore(journey, snapshot);
    expect(await journey.state(session)).toBe("accepted");
    expect(await atStripe(journey, session)).toEqual(paidOut);
    await expectProof(journey);
  });

  it("goes back once where its offer is lost, and is taken back from the expert first", async () => {
    const expert = await journey.registerExpert();
    await journey.onboard(expert);
    const snapshot = await takeSnapshot(journey);
    const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
    await journey.accept(session);
    await journey.advance(1);
    const found = await restore(journey, snapshot);
    expect(found[session.sessionId]).toBe("returned");
    expect(await atStripe(journey, session)).toEqual({
      ...whole,
      transfers: [[hundred.priceMinor, hundred.priceMinor]],
    });
    await expectProof(journey);
    const again = await restore(journey, snapshot);
    expect(again[session.sessionId]).toBe("returned");
    expect((await atStripe(journey, session)).refunds).toEqual(whole.refunds);
    await expectProof(journey);
  });

  it("whose bank pays after the search goes back then, where its offer is lost", async () => {
    const expert = await journey.registerExpert();
    const snapshot = await takeSnapshot(journey);
    const session = await journey.checkout(
      await journey.offerOnTable({ price: hundred.price, expert, onboarded: false }),
    );
    await journey.pay(session, cards.delayedSucceeds);
    await putBack(snapshot);
    await markRestored(journey, snapshot);
    expect(await recover(journey)).toMatchObject({ [session.sessionId]: "pending" });
    await journey.fault("POST /v1/refunds", "500", 6);
    for (let looks = 0; looks < 4; looks += 1) await journey.advance(6 * 60);
    expect(await atStripe(journey, session)).toEqual(whole);
    await expectProof(journey);
  });

  it("that another deployment has opened is left alone", async () => {
    const snapshot = await takeSnapshot(journey);
    const session = await journey.paidOffer({ price: hundred.price });
    const { metadata, line_items: _, ...opened } = await journey.stripe(`/checkout/sessions/${session.sessionId}`);
    const another = await journey.stripePost("/checkout/sessions", {
      mode: "payment",
      success_url: "https://elsewhere.example/payment/success",
      "line_items[0][quantity]": 1,
      "line_items[0][price_data][currency]": opened.currency,
      "line_items[0][price_data][unit_amount]": 500,
      "line_items[0][price_data][product_data][name]": "Of another deployment",
      ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, String(value)])),
    });
    expect(another.object).toBe("checkout.session");
    const found = await restore(journey, snapshot);
    expect([found[session.sessionId], found[another.id]]).toEqual(["returned", "nobody"]);
    expect((await journey.stripe(`/checkout/sessions/${another.id}`)).status).toBe("open");
  });

  it("goes back once where it had lost its offer already", async () => {
    const session = await journey.paidOffer({ price: hundred.price });
    const path = `/testimonies/offers/${session.offerId}/withdraw`;
    await journey.events("drop");
    await journey.must(204, "POST", path, { token: session.expert.token });
    await journey.events("deliver");
    const snapshot = await takeSnapshot(journey);
    await journey.accept(session);
    await journey.advance(1);
    expect(await atStripe(journey, session)).toEqual(whole);
    await restore(journey, snapshot);
    expect(await checkoutState(session)).toBe("returned");
    expect(await atStripe(journey, session)).toEqual(whole);
    await expectProof(journey);
  });

  it("that nobody has paid can be paid still, and its page is the only one", async () => {
    const offer = await journey.offerOnTable({ price: hundred.price });
    const snapshot = await takeSnapshot(journey);
    const session = await journey.checkout(offer);
    await restore(journey, snapshot);
    const another = await journey.checkout(offer);
    expect((await journey.pay(session)).status).not.toBe(303);
    await journey.pay(another);
    expect((await journey.accept(another)).status).toBe(204);
    await expectProof(journey);
  });
});

describe("an expert's account of the lost time", () => {
  it("is the expert's again, with the payouts that it has received", async () => {
    const session = await acceptedOffer(journey, { onboarded: false });
    const snapshot = await takeSnapshot(journey);
    await journey.onboard(session.expert);
    await journey.advance(60);
    const before = await payoutOf(session);
    expect(before.state).toBe("paid");
    const [accountId = ""] = await accountsAtStripe();
    const found = await restore(journey, snapshot);
    expect(found[accountId]).toBe("linked");
    await journey.onboard(session.expert);
    await journey.advance(60);
    expect(await accountsAtStripe()).toEqual([accountId]);
    expect(await payoutOf(session)).toMatchObject({ state: "paid", transfer_id: before.transfer_id });
    expect(await atStripe(journey, session)).toEqual(paidOut);
    await expectProof(journey);
  });

  it("is found by the call itself, should nobody have looked for it", async () => {
    const expert = await journey.registerExpert();
    const snapshot = await takeSnapshot(journey);
    await journey.onboard(expert);
    await putBack(snapshot);
    await markRestored(journey, snapshot);
    await journey.must(204, "POST", "/admin/restore/end", { token: "admin_sandbox" });
    await journey.onboard(expert);
    expect(await accountsAtStripe()).toHaveLength(1);
  });
});

it("asks once before an older payout is sent, and repeats it under the same key then", async () => {
  const session = await acceptedOffer(journey, { onboarded: false });
  await restore(journey, await takeSnapshot(journey));
  await journey.fault("POST /v1/transfers", "timeout_before", 4);
  await journey.onboard(session.expert);
  for (let looks = 0; looks < 4; looks += 1) await journey.advance(5 * 60);
  expect((await payoutOf(session)).state).toBe("paid");
  const { requests } = (await journey.control("GET", "requests?match=POST%20/v1/transfers")).body;
  const keys = requests.map(({ idempotencyKey }: { idempotencyKey: string }) => idempotencyKey);
  expect(keys.length).toBeGreaterThan(2);
  expect(new Set(keys).size).toBe(1);
});

describe("an operator's refund of the lost time", () => {
  const part = (session: PaidSession, key = "the same") =>
    journey.call("POST", `/api/v1/admin/testimonies/${session.testimonyId}/refund`, {
      token: "admin_sandbox",
      body: { reason: "Half of it", amount: 5_000 },
      headers: { "Idempotency-Key": key },
    });

  it("of a part is taken up with its reversal, and answered again to the same request", async () => {
    const session = await acceptedOffer(journey);
    const snapshot = await takeSnapshot(journey);
    expect((await part(session)).status).toBe(204);
    await journey.advance(120);
    const before = await payoutOf(session);
    const sides = await atStripe(journey, session);
    await restore(journey, snapshot);
    expect((await part(session)).status).toBe(204);
    await journey.advance(120);
    expect(await atStripe(journey, session)).toEqual(sides);
    expect(await payoutOf(session)).toEqual(before);
    expect(await attentionOf(session)).toEqual([]);
    await expectProof(journey);
    expect((await part(session, "another")).status).toBe(204);
    await journey.advance(120);
    expect((await atStripe(journey, session)).refunds).toHaveLength(2);
    await expectProof(journey);
  });

  it("of the whole is taken up", async () => {
    const session = await acceptedOffer(journey);
    const snapshot = await takeSnapshot(journey);
    expect((await refund(journey, session)).status).toBe(204);
    await journey.advance(120);
    const sides = await atStripe(journey, session);
    await restore(journey, snapshot);
    expect(await atStripe(journey, session)).toEqual(sides);
    expect(await journey.state(session)).toBe("cancelled");
    expect((await payoutOf(session)).state).toBe("reversed");
    await expectProof(journey);
  });

  it("of a part, of an acceptance that is lost as well", async () => {
    const offer = await journey.offerOnTable({ price: hundred.price });
    const snapshot = await takeSnapshot(journey);
    const session = await journey.checkout(offer);
    await journey.pay(session);
    await journey.accept(session);
    await journey.advance(1);
    expect((await part(session)).status).toBe(204);
    await journey.advance(120);
    const sides = await atStripe(journey, session);
    await restore(journey, snapshot);
    expect(await journey.state(session)).toBe("accepted");
    expect(await atStripe(journey, session)).toEqual(sides);
    await expectProof(journey);
  });
});

it("says that the database was put back, for as long as that matters", async () => {
  const mark = () => journey.must(200, "GET", "/admin/restore", { token: "admin_sandbox" });
  expect((await mark()).body.data).toBeNull();
  const snapshot = await takeSnapshot(journey);
  await restore(journey, snapshot);
  expect((await mark()).body.data).toMatchObject({
    restored_to: new Date(snapshot.atMs).toISOString(),
    recovering: false,
  });
  expect(await rows("select * from journal where name = 'mark-restored'")).toEqual([]);
});
