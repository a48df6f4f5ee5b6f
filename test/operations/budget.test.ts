import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Cost, costOf } from "../cost";
import { Journey } from "../journey";
import { eventOf, postEvent } from "../post-event";
import { identity, newOrderId, Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";

/**
 * The measured budgets of operations, with an Idempotency-Key, no other open session, one webhook endpoint, and
 * Stripe's events arriving. A budget is a promise about the bill: raise one only with a reason.
 */
const journey = new Journey((request) => exports.default.fetch(request));
let endpointId: string;
let logged: { event: string; route?: string; cost?: Cost; count?: number }[] = [];

beforeEach(async () => {
  await journey.reset();
  const body = { url: "http://localhost:8787/sandbox/inbox/main", events: ["*"] };
  const made = await journey.must(201, "POST", "/webhook-endpoints", { token: "admin_sandbox", body });
  endpointId = made.body.data.id;
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

it("accepts within four round trips, two hops, one call at Stripe and 28 rows", async () => {
  await journey.events("hold");
  const paid = await journey.paidOffer();
  const accepted = await journey.accept(paid, key("accept-1"));
  expect(accepted.status).toBe(204);
  within(costOf(accepted), {
    roundTrips: 4,
    hops: 2, // the lock, and the count of what the client stores in a day
    stripeCalls: 1,
    rowsWritten: 28,
    rowsRead: 40,
    queueOperations: 2, // the payout, and the delivery
  });
  // A decided offer needs no lock, no Stripe call, and writes only the key. The hop is the count of the client's day.
  const again = await journey.accept(paid);
  within(costOf(again), { roundTrips: 1, hops: 1, stripeCalls: 0, rowsWritten: 0 });
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

/**
 * Each of the three offers causes an event for an endpoint that receives `offer.created`: an outbox row, a delivery and
 * an attempt. The budget of 118 contains three deliveries, so it is measured with an endpoint that receives the events
 * of the money and the case. Each offer has a row in the index by which its expert lists it.
 */
it.each([
  ["what is paid, accepted and sent", ["offer.accepted", "payout.paid", "payout.held", "payout.failed"], 114],
  ["everything, each of the three offers too", ["*"], 132],
])(
  "takes a testimony from posting to payout, both sides told, keys purged: an endpoint hears of %s",
  async (_, events, most) => {
    await journey.must(200, "PATCH", `/webhook-endpoints/${endpointId}`, { token: "admin_sandbox", body: { events } });
    const client = await journey.registerClient();
    const experts = [await journey.registerExpert(), await journey.registerExpert(), await journey.registerExpert()];
    const [expert] = experts;
    if (!expert) throw new Error("no expert");
    await journey.onboard(expert);
    await journey.advance(10); // the account is ready, and nothing else is due
    await env.DB.exec("DELETE FROM mails"); // the registrations' mails would expire while the testimony goes on
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
    await postEvent(journey, await eventOf(journey, "checkout.session.completed", () => true));
    await vi.waitFor(async () => expect((await transfers(testimonyId)).length).toBe(1), 60_000);
    await journey.advance(25 * 60 * 60); // the keys expire

    const rowsWritten = rowsWrittenBy(logged);
    expect(rowsWritten).toBeLessThanOrEqual(most);
    expect(rowsWritten).toBeGreaterThan(60); // a meter that counts nothing would pass, too
  },
);

it("takes a payment from its order to the developer's webhook, keys purged, within 50 rows", async () => {
  const shop = await Shop.open(journey);
  const shopper = await shop.shopper();
  const accountId = await shop.account();
  const inbox = { url: "http://localhost:8787/sandbox/inbox/developer", events: ["*"] };
  await journey.must(201, "POST", "/webhook-endpoints", { headers: identity(shopper), body: inbox });
  await journey.events("hold");
  await journey.advance(10); // the account is ready, and nothing else is due
  const quiet = await rowsOfADay();
  await shop.ask(shopper, "GET", "/transactions"); // the use of the token is recorded once an hour, payment or not
  await vi.waitFor(() => expect(logged.filter(({ event }) => event === "work")).toHaveLength(1), 60_000);
  logged = [];

  const orderId = newOrderId();
  const order = await shop.ask(shopper, "PUT", `/orders/${orderId}`, { account_id: accountId, amount: 1000 });
  expect(order.status).toBe(201);
  const created = await shop.create(shopper, { order_id: orderId }, key("c"));
  expect(created.status).toBe(201);
  const transaction = { shopper, orderId, accountId, transactionId: created.body.data.transaction_id };
  expect((await shop.confirm(transaction, {}, key("p"))).status).toBe(200);
  // One event, as in production, where only the types that we handle are sent.
  await postEvent(journey, await eventOf(journey, "payment_intent.succeeded", () => true, accountId));
  await vi.waitFor(() => expect(logged.filter(({ event }) => event === "work")).toHaveLength(1), 60_000);
  await vi.waitFor(() => expect(delivered()).toBe(2), 60_000);

  const written = rowsWrittenBy(logged);
  const rowsWritten = written + (await rowsOfADay()) - quiet;
  expect(rowsWritten).toBeLessThanOrEqual(50);
  expect(rowsWritten).toBeGreaterThan(30); // a meter that counts nothing would pass, too
});

it("takes a transfer from its initiation to both webhooks, keys purged, within 31 rows", async () => {
  const walk = new TransfersJourney(journey);
  const [sender, receiver] = [await walk.tenant(), await walk.tenant({ webhookUrl: box("receiver") })];
  await walk.paid(sender, receiver); // wallets are made once, at the first transfer
  await vi.waitFor(() => expect(delivered()).toBe(1), 60_000);
  await journey.advance(3 * day + 60 * 60 - (await secondOfDay())); // that day is settled, and each of the next ones alone
  const quiet = await rowsOfADay();
  for (const tenant of [sender, receiver]) tenant.token = await walk.token(tenant);
  logged = [];

  const asked = await walk.initiate(sender, receiver, { callbackUrl: box("sender") }, key("i"));
  expect(asked.status).toBe(201);
  const accepted = await walk.accept(receiver, asked.body.data, key("a"));
  expect(accepted.status).toBe(200);
  within(costOf(accepted), { roundTrips: 3, hops: 1, stripeCalls: 0, rowsWritten: 10, queueOperations: 1 });
  await vi.waitFor(() => expect(delivered()).toBe(2), 60_000);
  const told = await walk.must(sender, "GET", `/transactions/${asked.body.data.reference}/webhooks`);
  expect(told.map(({ status }: { status: string }) => status)).toEqual(["DELIVERED", "DELIVERED"]);

  const written = rowsWrittenBy(logged);
  const rowsWritten = written + (await rowsOfADay()) - quiet;
  expect(rowsWritten).toBeLessThanOrEqual(31);
  expect(rowsWritten).toBeGreaterThan(20); // a meter that counts nothing would pass, too
});

const day = 24 * 60 * 60;

/** Returns the second of the day, by the sandbox's clock. */
async function secondOfDay(): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds % day;
}

function box(name: string): string {
  return `http://localhost:8787/sandbox/inbox/${name}`;
}

/**
 * Measures what the sweep writes in a day: it checks accounts, reads Stripe's lists, payment or not, and purges keys.
 */
async function rowsOfADay(): Promise<number> {
  logged = [];
  await journey.advance(25 * 60 * 60);
  const rowsWritten = rowsWrittenBy(logged.filter(({ event }) => event === "sweep"));
  logged = [];
  return rowsWritten;
}

/**
 * Counts the deliveries that sent something: a job that an earlier test left behind may come late, and finds nothing.
 * Those that were made together are logged together.
 */
function delivered(): number {
  return logged
    .filter(({ event, cost }) => event === "delivery" && (cost?.rowsWritten ?? 0) > 0)
    .reduce((sum, { count = 1 }) => sum + count, 0);
}

function rowsWrittenBy(lines: typeof logged): number {
  return lines.reduce((sum, { cost }) => sum + (cost?.rowsWritten ?? 0), 0);
}

const realEstate = {
  type: "garage",
  address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
  region: "ba",
};

async function transfers(testimonyId: string): Promise<unknown[]> {
  return (await journey.stripe(`/transfers?transfer_group=${testimonyId}`)).data;
}
