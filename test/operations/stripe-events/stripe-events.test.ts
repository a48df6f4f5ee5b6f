import { exports } from "cloudflare:workers";
import Stripe from "stripe";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey, type PaidSession } from "../../journey";
import { booksOf, expectProof, hundred } from "../books";
import { attentionOf, journalOf, payoutOf, rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
const { webhooks } = new Stripe("sk_unused");
const platform = "whsec_sandbox_platform";
const connect = "whsec_sandbox_connect";

beforeEach(() => journey.reset());

interface Event {
  id: string;
  type: string;
}

interface StoredEvent {
  state: string;
  attempts: number;
  due_at: number | null;
  failure: string | null;
}

function eventOf(type: string, object: object, changes: object = {}) {
  return {
    id: `evt_${crypto.randomUUID()}`,
    object: "event",
    api_version: "2026-10-28.endive",
    created: Math.floor(Date.now() / 1000),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type,
    ...changes,
  };
}

async function deliver(
  event: object,
  { secret = platform, ageSeconds = 0, tamper = (body: string) => body } = {},
): Promise<number> {
  const payload = JSON.stringify(event);
  const { body: clock } = await journey.control("GET", "clock");
  const timestamp = clock.nowSeconds - ageSeconds;
  const signature = await webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
  return post(tamper(payload), { "Stripe-Signature": signature });
}

async function post(body: string, headers: Record<string, string>): Promise<number> {
  const url = "http://localhost:8787/api/v1/webhooks";
  return (await exports.default.fetch(new Request(url, { method: "POST", body, headers }))).status;
}

async function stored({ id }: Event): Promise<StoredEvent | undefined> {
  return (await rows<StoredEvent>("select * from stripe_events where id = ?", id))[0];
}

function processed(event: Event): Promise<void> {
  return expect.poll(async () => (await stored(event))?.state, { timeout: 10_000 }).toBe("processed");
}

/** Makes a paid offer of which no event has arrived, and returns Stripe's event of its completion. */
async function unheardPayment(): Promise<{ session: PaidSession; completed: Event }> {
  const expert = await journey.registerExpert();
  await journey.onboard(expert);
  await journey.advance(0);
  await journey.events("drop");
  const session = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
  return { session, completed: await eventAtStripe("checkout.session.completed") };
}

async function eventAtStripe(type: string): Promise<Event> {
  const [event] = (await journey.stripe(`/events?type=${type}`)).data;
  if (!event) throw new Error(`no ${type}`);
  return event;
}

describe("the signature", () => {
  const event = eventOf("charge.refunded", { id: "ch_unknown", object: "charge" });

  it("is taken from either endpoint's secret", async () => {
    expect(await deliver(event, { secret: platform })).toBe(200);
    expect(await deliver(event, { secret: connect })).toBe(200);
  });

  it.each([
    ["another secret", { secret: "whsec_somebody_else" }],
    ["a body changed by one byte", { tamper: (body: string) => body.replace("ch_unknown", "ch_unknowm") }],
    ["a body with one byte more", { tamper: (body: string) => `${body} ` }],
    ["a timestamp too old", { ageSeconds: 301 }],
  ])("is refused for %s", async (_, how) => {
    const fresh = eventOf("charge.refunded", { id: "ch_unknown", object: "charge" });
    expect(await deliver(fresh, how)).toBe(400);
    expect(await stored(fresh)).toBeUndefined();
  });

  it("may be nearly five minutes old, by the clock that both sides share", async () => {
    await journey.advance(30 * 24 * 60 * 60);
    expect(await deliver(event, { ageSeconds: 290 })).toBe(200);
  });

  it.each([{}, { "Stripe-Signature": "" }, { "Stripe-Signature": "t=1,v1=00" }])(
    "is refused as %o",
    async (headers) => {
      expect(await post(JSON.stringify(event), headers as Record<string, string>)).toBe(400);
    },
  );

  it("does not make up for live mode at a test key", async () => {
    expect(await deliver({ ...event, livemode: true })).toBe(400);
  });
});

describe("an event", () => {
  it("of a type that nobody acts on is answered and forgotten", async () => {
    const event = eventOf("customer.created", { id: "cus_1", object: "customer" });
    expect(await deliver(event)).toBe(200);
    expect(await stored(event)).toBeUndefined();
  });

  it.each([
    ["charge.refunded", { id: "ch_unknown", object: "charge", payment_intent: "pi_unknown" }],
    ["charge.dispute.created", { id: "du_unknown", object: "dispute", charge: "ch_unknown", payment_intent: null }],
    ["checkout.session.completed", { id: "cs_unknown", object: "checkout.session", metadata: {} }],
    ["transfer.reversed", { id: "tr_unknown", object: "transfer" }],
    ["account.updated", { id: "acct_unknown", object: "account" }, "acct_unknown"],
    ["account.application.deauthorized", { id: "ca_unknown", object: "application" }, "acct_unknown"],
    ["payment_intent.succeeded", { id: "pi_unknown", object: "payment_intent" }, "acct_unknown"],
  ])("about an object that is not ours changes nothing: %s", async (type, object, account = "") => {
    const event = eventOf(type, object, account ? { account } : {});
    expect(await deliver(event, { secret: account ? connect : platform })).toBe(200);
    await processed(event);
    expect(await rows("select * from journal")).toEqual([]);
  });

  it("accepts the offer, once, however often it comes", async () => {
    const { session, completed } = await unheardPayment();
    const statuses = await Promise.all(Array.from({ length: 5 }, () => deliver(completed)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await processed(completed);
    expect(await deliver(completed)).toBe(200);
    await journey.advance(1);
    expect((await journalOf(session)).filter((name) => name === "accept-offer")).toHaveLength(1);
    await expectProof(journey);
  });

  it("has one effect when two ids carry one fact", async () => {
    const { session, completed } = await unheardPayment();
    const twin = { ...completed, id: `evt_${crypto.randomUUID()}` };
    await Promise.all([deliver(completed), deliver(twin)]);
    await processed(completed);
    await processed(twin);
    expect((await journalOf(session)).filter((name) => name === "accept-offer")).toHaveLength(1);
    await expectProof(journey);
  });

  it("that could not be processed is processed when it comes again", async () => {
    const { session, completed } = await unheardPayment();
    await journey.fault("GET /v1/checkout/sessions/*", "timeout_before", 1_000);
    expect(await deliver(completed)).toBe(200);
    await expect.poll(async () => (await stored(completed))?.attempts, { timeout: 10_000 }).toBe(1);
    expect(await stored(completed)).toMatchObject({ state: "received" });
    expect(await journey.state(session)).toBe("offered");
    await journey.control("DELETE", "faults");
    expect(await deliver(completed)).toBe(200);
    await processed(completed);
    expect(await journey.state(session)).toBe("accepted");
  });

  it("that never came is found in Stripe's list", async () => {
    const { session } = await unheardPayment();
    await journey.advance(1);
    const charge = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data[0];
    await journey.stripePost("/refunds", { charge: charge.id });
    const refunded = await eventAtStripe("charge.refunded");
    expect(await stored(refunded)).toBeUndefined();
    await journey.advance(11 * 60);
    expect(await stored(refunded)).toMatchObject({ state: "processed" });
    await expectProof(journey);
  });
});

describe("a small history", () => {
  const types = ["checkout.session.completed", "charge.dispute.created", "charge.dispute.closed"];
  const permutations = types.flatMap((first) =>
    types
      .filter((type) => type !== first)
      .map((second) => [first, second, ...types.filter((type) => type !== first && type !== second)]),
  );

  it.each(permutations)("ends the same as %s, %s, %s", async (...order) => {
    const { session } = await unheardPayment();
    const charge = (await journey.stripe(`/charges?transfer_group=${session.testimonyId}`)).data[0];
    const dispute = (await journey.control("POST", "disputes", { charge: charge.id })).body;
    await journey.control("POST", "disputes", { dispute: dispute.id, status: "won" });
    for (const type of order) {
      const event = await eventAtStripe(type);
      expect(await deliver(event)).toBe(200);
      await processed(event);
    }
    await journey.advance(1);
    expect(await journey.state(session)).toBe("accepted");
    expect(await payoutOf(session)).toMatchObject({ state: "paid" });
    expect(await attentionOf(session)).toEqual([]);
    expect(await booksOf(journey)).toEqual({
      stripe_balance: hundred.totalMinor - hundred.feeMinor - 2_000 - hundred.priceMinor,
      stripe_fees: hundred.feeMinor + 2_000,
      commission: -hundred.commissionMinor,
    });
    await expectProof(journey);
  });
});

describe("a dead letter", () => {
  it("is what an event becomes after its attempts, and an operator can replay it", async () => {
    const { session, completed } = await unheardPayment();
    await journey.fault("GET /v1/checkout/sessions/*", "500", 100_000);
    await deliver(completed);
    await expect.poll(async () => (await stored(completed))?.attempts, { timeout: 10_000 }).toBe(1);

    const delays = [2, 10, 60, 300, 900, 3_600, 10_800, 10_800, 10_800, 10_800, 10_800];
    for (const [made, seconds] of delays.entries()) {
      expect(await stored(completed)).toMatchObject({ state: "received", attempts: made + 1 });
      await journey.advance(seconds);
      await expect.poll(async () => (await stored(completed))?.attempts, { timeout: 10_000 }).toBe(made + 2);
    }
    expect(await stored(completed)).toMatchObject({ state: "dead", attempts: 12, due_at: null });
    const { body } = await journey.operator("GET", "/stripe-events?state=dead");
    expect(body.data).toMatchObject([{ id: completed.id, state: "dead", attempts: 12 }]);
    expect(body.data[0].failure).toMatch(/stripe_unavailable/);
    expect(await journey.state(session)).toBe("offered");

    await journey.control("DELETE", "faults");
    expect((await journey.operator("POST", `/stripe-events/${completed.id}/replay`)).status).toBe(204);
    await processed(completed);
    expect(await journey.state(session)).toBe("accepted");
    expect((await journey.operator("GET", "/stripe-events?state=dead")).body.data).toEqual([]);
    expect((await journey.operator("POST", "/stripe-events/evt_unknown/replay")).status).toBe(404);
  }, 120_000);
});
