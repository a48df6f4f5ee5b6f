import { exports } from "cloudflare:workers";
import Stripe from "stripe";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Cost, costOf } from "../cost";
import { Journey } from "../journey";

/**
 * What an operation costs, counted and not guessed: the budgets of the design. Counted with an Idempotency-Key, no other
 * open session, one webhook endpoint, and Stripe's events arriving. A budget is a promise about the bill: raise one only with a reason.
 */
const journey = new Journey((request) => exports.default.fetch(request));
let logged: { event: string; route?: string; cost?: Cost }[] = [];

beforeEach(async () => {
  await journey.reset();
  const body = { url: "http://localhost:8787/sandbox/inbox/main", events: ["*"] };
  await journey.must(201, "POST", "/webhook-endpoints", { token: "admin_sandbox", body });
  logged = [];
  vi.spyOn(console, "info").mockImplementation((line: string) => void logged.push(JSON.parse(line)));
});
afterEach(() => vi.restoreAllMocks());

const key = (name: string) => ({ "Idempotency-Key": name });

function within(cost: Cost, budget: Partial<Cost>): void {
  for (const [name, most] of Object.entries(budget)) {
    expect(cost[name as keyof Cost], name).toBeLessThanOrEqual(most);
  }
}

it("accepts within four round trips, one hop, one call at Stripe and 28 rows", async () => {
  await journey.events("hold");
  const paid = await journey.paidOffer();
  const accepted = await journey.accept(paid, key("accept-1"));
  expect(accepted.status).toBe(204);
  within(costOf(accepted), {
    roundTrips: 4,
    hops: 1,
    stripeCalls: 1,
    rowsWritten: 28,
    rowsRead: 40,
    queueOperations: 2, // the payout, and the webhook
  });
  // Decided already: no lock, no Stripe, nothing written but the key.
  const again = await journey.accept(paid);
  within(costOf(again), { roundTrips: 1, hops: 0, stripeCalls: 0, rowsWritten: 0 });
});

it("reads within two round trips", async () => {
  const offer = await journey.offerOnTable();
  const { token } = offer.client;
  for (const path of [
    `/testimonies/${offer.testimonyId}`,
    "/testimonies",
    `/testimonies/${offer.testimonyId}/offers`,
    "/me",
  ]) {
    within(costOf(await journey.must(200, "GET", path, { token })), {
      roundTrips: 2,
      rowsWritten: 0,
      hops: 0,
      stripeCalls: 0,
    });
  }
  const expert = { token: offer.expert.token };
  for (const path of ["/testimonies/offerable", "/me/notifications", "/me/payout-account"]) {
    within(costOf(await journey.must(200, "GET", path, expert)), {
      roundTrips: 2,
      rowsWritten: 0,
      hops: 0,
      stripeCalls: 0,
    });
  }
});

it("takes a testimony from posting to payout, keys purged, within 105 rows", async () => {
  const client = await journey.registerClient();
  const experts = [await journey.registerExpert(), await journey.registerExpert(), await journey.registerExpert()];
  const [expert] = experts;
  if (!expert) throw new Error("no expert");
  await journey.onboard(expert);
  await journey.advance(10); // the account is ready, and nothing else is due
  await journey.events("hold");
  logged = [];

  const body = { purpose: "mortgage", realEstate: realEstate };
  const created = await journey.must(201, "POST", "/testimonies", { token: client.token, body, headers: key("t") });
  const testimonyId: string = created.body.data.id;
  const offerIds: string[] = [];
  for (const [position, one] of experts.entries()) {
    const made = await journey.must(201, "POST", `/testimonies/${testimonyId}/offers`, {
      token: one.token,
      body: { price: 100 + position, deliveryDays: 7 },
      headers: key(`o-${position}`),
    });
    offerIds.push(made.body.data.id);
  }
  const table = { testimonyId, offerId: offerIds[0] ?? "", client, expert };
  const opened = await journey.startCheckout(table, {}, key("c"));
  const url: string = opened.body.data.url;
  expect((await journey.pay({ url })).status).toBe(303);
  expect((await journey.accept({ client, sessionId: url.split("/").at(-1) ?? "" }, key("a"))).status).toBe(204);
  // One event, as in production, where only the types that we handle are sent.
  await deliverOnly("checkout.session.completed");
  await vi.waitFor(async () => expect((await transfers(testimonyId)).length).toBe(1), 5_000);
  await journey.advance(25 * 60 * 60); // the keys' time is over

  const costs = logged.flatMap((line) => (line.cost ? [line.cost] : []));
  const rowsWritten = costs.reduce((sum, cost) => sum + cost.rowsWritten, 0);
  expect(rowsWritten).toBeLessThanOrEqual(105);
  expect(rowsWritten).toBeGreaterThan(60); // a meter that counts nothing would pass as well
});

const realEstate = {
  type: "garage",
  address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
  region: "ba",
};

async function transfers(testimonyId: string): Promise<unknown[]> {
  return (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data;
}

async function deliverOnly(type: string): Promise<void> {
  const events = (await journey.stripe("/events?limit=100")).data as { type: string }[];
  const payload = JSON.stringify(events.find((one) => one.type === type));
  const timestamp = Math.floor(Date.now() / 1000);
  const secret = "whsec_sandbox_platform";
  const signature = await new Stripe("sk_test_x").webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
    timestamp,
  });
  const url = "http://localhost/api/v1/webhooks";
  const headers = { "Content-Type": "application/json", "Stripe-Signature": signature };
  const answer = await exports.default.fetch(new Request(url, { method: "POST", body: payload, headers }));
  expect(answer.status).toBe(200);
}
