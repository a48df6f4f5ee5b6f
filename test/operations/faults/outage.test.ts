import { env, exports } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cards, checkoutBody, Journey, type OfferOnTable, type PaidSession } from "../../journey";
import { expectBooksInOrder, journalCount, outcomeOf } from "../../outcome";
import { eventually, leftOpen, settle } from "./left-open";
import { type People, register } from "./people";
import { untilDone } from "./planned";
import { quickly } from "./quickly";
import { expectKeysInOrder } from "./stripe-keys";
import { accountStatus, calls } from "./walk";

const journey = new Journey((request) => exports.default.fetch(request));
const dayAndMore = 25 * 60 * 60;
let people: People;

beforeAll(async () => {
  quickly();
  people = await register(journey);
});

beforeEach(async () => {
  await people.startAfresh();
  await journey.onboard(people.expert);
  await eventually("the expert can be paid", async () => (await accountStatus(journey, people.expert)) === "ready");
  await journey.events("hold");
});

function onTable(): Promise<OfferOnTable> {
  return journey.offerOnTable({ client: people.client, expert: people.expert, onboarded: false });
}

async function paid(offer?: OfferOnTable): Promise<PaidSession> {
  const session = await journey.checkout(offer ?? (await onTable()));
  expect((await journey.pay(session, cards.good)).status).toBe(303);
  return session;
}

function openAccount() {
  return journey.call("POST", "/api/v1/me/payout-account", { token: people.newcomer.token, body: {} });
}

async function count(query: string): Promise<number> {
  return (await env.DB.prepare(query).first<{ n: number }>())?.n ?? 0;
}

describe.each([
  { kind: "timeout_before", firstSession: [] },
  { kind: "timeout_after", firstSession: ["expired"] },
  { kind: "500_after", firstSession: ["expired"] },
])("$kind on every POST for longer than Stripe keeps a key", ({ kind, firstSession }) => {
  it("ends with one object each", { timeout: 300_000 }, async () => {
    const [started, accepted, winner, refunded] = await Promise.all([onTable(), paid(), paid(), paid()]);
    const offerId = await journey.createOffer(people.newcomer, winner.testimonyId, 100);
    await paid({ ...winner, expert: people.newcomer, offerId });
    expect((await journey.accept(refunded)).status).toBe(204);
    await eventually(
      "the payout was sent",
      async () => (await count("select count(*) as n from payouts where state = 'paid'")) === 1,
    );

    for (const match of Object.values(calls)) if (match.startsWith("POST")) await journey.fault(match, kind, 1_000_000);
    const [start, accept, win, account, refund] = await Promise.all([
      journey.startCheckout(started),
      journey.accept(accepted),
      journey.accept(winner),
      openAccount(),
      journey.operator("POST", `/testimonies/${refunded.testimonyId}/refund`, { reason: "The expert fell ill." }),
    ]);
    expect([start, accept, win, account, refund].map(({ status }) => status)).toEqual([500, 204, 204, 500, 204]);
    await journey.advance(60);
    await journey.advance(dayAndMore);
    expect((await journey.startCheckout(started)).status).toBe(500);
    expect((await leftOpen(journey)).length).toBeGreaterThan(0);

    await journey.control("DELETE", "faults");
    await journey.events("deliver");
    await journey.flushEvents();
    expect((await untilDone(() => journey.startCheckout(started))).at(-1)?.status).toBe(200);
    expect((await untilDone(openAccount)).at(-1)?.status).toBe(200);
    expect(await settle(journey)).toEqual([]);

    const sessions = (await outcomeOf(journey, started)).sessions;
    expect(sessions.filter((status) => status === "open")).toHaveLength(1);
    expect(sessions.slice(0, firstSession.length)).toEqual(firstSession);
    expect(await outcomeOf(journey, accepted)).toMatchObject({ refunds: [], transfers: [{ amount: 14_950 }] });
    expect(await outcomeOf(journey, winner)).toMatchObject({
      refunds: [{ amount: 12_100, status: "succeeded" }],
      transfers: [{ amount: 14_950 }],
    });
    expect(await outcomeOf(journey, refunded)).toMatchObject({
      refunds: [{ amount: 18_090, status: "succeeded" }],
      transfers: [{ amount: 14_950 }],
    });
    const [transfer] = (await journey.stripe(`/transfers?transfer_group=${refunded.testimonyId}`)).data;
    expect(transfer.reversals.data).toMatchObject([{ amount: 14_950 }]);
    expect((await journey.stripe("/accounts?limit=100")).data).toHaveLength(2);
    await expectBooksInOrder(journey);
    await expectKeysInOrder(journey);
  });
});

describe("an account that can no longer receive, while the transfer's outcome is open", () => {
  const give = async (requested: boolean) => {
    const { data } = await journey.stripe("/accounts");
    await journey.stripePost(`/accounts/${data[0].id}`, { "capabilities[transfers][requested]": String(requested) });
  };

  it.each([
    { kind: "timeout_before", transfersMeanwhile: 0, payout: "held" },
    { kind: "500", transfersMeanwhile: 0, payout: "held" },
    { kind: "timeout_after", transfersMeanwhile: 1, payout: "paid" },
    { kind: "500_after", transfersMeanwhile: 1, payout: "paid" },
  ])("$kind: the payout is $payout, and paid once in the end", async ({ kind, transfersMeanwhile, payout }) => {
    const session = await paid();
    await journey.fault(calls.createTransfer, kind, 2);
    expect((await journey.accept(session)).status).toBe(204);
    await eventually(
      "the transfer failed",
      async () => (await count("select attempts as n from stripe_effects where kind = 'create-transfer'")) === 1,
    );

    await give(false);
    await journey.events("deliver");
    await journey.flushEvents();
    expect(await settle(journey)).toEqual([]);
    expect((await outcomeOf(journey, session)).transfers).toHaveLength(transfersMeanwhile);
    expect(await env.DB.prepare("select state from payouts").first("state")).toBe(payout);

    await give(true);
    expect(await settle(journey)).toEqual([]);
    expect((await outcomeOf(journey, session)).transfers).toEqual([{ amount: 14_950 }]);
    expect(await env.DB.prepare("select state from payouts").first("state")).toBe("paid");
    await expectBooksInOrder(journey);
    await expectKeysInOrder(journey);
  });
});

describe("a client that repeats under one Idempotency-Key through lost answers", () => {
  const key = { "Idempotency-Key": "one-key" };
  const replayed = { get: (headers: Headers) => headers.get("Idempotent-Replayed") };

  it.each(["429", "timeout_after", "500_after", "truncated"])("%s: gets one checkout, one acceptance", async (kind) => {
    const offer = await onTable();
    const body = checkoutBody();
    await journey.fault(calls.createSession, kind, 3);
    const started = await untilDone(() => journey.startCheckout(offer, body, key));
    expect(started.length).toBeGreaterThan(1);
    const again = await journey.startCheckout(offer, body, key);
    expect([again.status, replayed.get(again.headers), again.body]).toEqual([200, "true", started.at(-1)?.body]);
    expect((await journey.startCheckout(offer, checkoutBody(), key)).status).toBe(422);
    expect((await outcomeOf(journey, offer)).sessions).toEqual(["open"]);
    expect(await count("select count(*) as n from checkouts")).toBe(1);

    const url: string = again.body.data.url;
    const session = { ...offer, url, sessionId: url.split("/").at(-1) ?? "" };
    expect((await journey.pay(session)).status).toBe(303);
    await journey.fault(calls.retrieveSession, kind, 3);
    const accepted = await untilDone(() => journey.accept(session, key));
    expect(accepted.length).toBeGreaterThan(1);
    const confirmed = await journey.accept(session, key);
    expect([confirmed.status, replayed.get(confirmed.headers)]).toEqual([204, "true"]);
    expect(await journalCount(offer.testimonyId, "accept-offer")).toBe(1);
    await journey.events("deliver");
    await journey.flushEvents();
    expect(await settle(journey)).toEqual([]);
    expect(await outcomeOf(journey, offer)).toMatchObject({ paidMinor: 18_090, transfers: [{ amount: 14_950 }] });
    await expectBooksInOrder(journey);
  });
});
