import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Cost, costOf } from "../cost";
import { type Answer, Journey } from "../journey";
import { eventOf, postEvent } from "../post-event";
import { Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";

/**
 * The round trips that an operation makes, with an idempotency key. What a change is decided on is read with the
 * credential, and the change takes the key: so an operation that asks nobody needs two. One that asks Stripe for
 * something writes that down before, with the key, and what came of it afterwards. A database has one writer, and each
 * batch that writes waits for it: so those are counted by themselves. Each change of an owner's counts in the owner's
 * day, which is a hop beside the first round trip.
 */
const budgets = `
operation                           D1  of them writing  hops  Stripe
create a testimony                   2                1     1       0
make an offer                        2                1     2       0
open a payment page                  3                2     2       1
accept the offer                     2                1     2       1
hear Stripe's event of the payment   1                1     0       0
pay the expert                       5                2     1       3
create a payment                     4                2     2       1
confirm it                           5                2     2       1
initiate a transfer                  2                1     2       0
accept it                            2                1     1       0
`;

/** The batches that write, from a testimony with three offers to the paid expert, without the deliveries. */
const wholeOffer = 10;

/** Deliveries to one endpoint that come together are written together: these two come apart, or not. */
const deliveriesMost = 2;

interface Line {
  event: string;
  cost?: Cost;
  count?: number;
}

const journey = new Journey((request) => exports.default.fetch(request));
let logged: Line[] = [];
let spent: Record<string, Cost> = {};

beforeEach(async () => {
  await journey.reset();
  logged = [];
  spent = {};
  vi.spyOn(console, "info").mockImplementation((line: string) => void logged.push(JSON.parse(line)));
});
afterEach(() => vi.restoreAllMocks());

let keys = 0;
function key() {
  keys += 1;
  return { "Idempotency-Key": `key-${keys}` };
}

/** Notes the cost of an answer, which must be a success. */
function note(operation: string, answer: Answer): Answer {
  expect(answer.status, operation).toBeLessThan(300);
  spent[operation] = costOf(answer);
  return answer;
}

/** Returns the next cost that is logged for work behind a request. */
function workBehind(event: string, seen: number): Promise<Cost> {
  return vi.waitFor(() => {
    const cost = costsOf(event)[seen];
    if (!cost) throw new Error(`no ${event} yet`);
    return cost;
  }, 60_000);
}

function costsOf(event: string): Cost[] {
  return logged.flatMap((line) => (line.event === event && line.cost ? [line.cost] : []));
}

it("takes a testimony to the paid expert", async () => {
  const endpoint = {
    url: "http://localhost:8787/sandbox/inbox/main",
    events: ["offer.accepted", "payout.paid"],
  };
  await journey.must(201, "POST", "/webhook-endpoints", { token: "admin_sandbox", body: endpoint });
  const client = await journey.registerClient();
  const experts = [await journey.registerExpert(), await journey.registerExpert(), await journey.registerExpert()];
  const [expert] = experts;
  if (!expert) throw new Error("no expert");
  await journey.onboard(expert);
  await journey.advance(10); // the account is ready
  await journey.events("hold");
  logged = [];

  const asked = { token: client.token, body: { purpose: "mortgage", realEstate } };
  const created = note(
    "create a testimony",
    await journey.call("POST", "/api/v1/testimonies", { ...asked, headers: key() }),
  );
  const testimonyId: string = created.body.data.id;
  const offerIds: string[] = [];
  for (const { token } of experts) {
    const body = { price: 100, deliveryDays: 7 };
    const path = `/api/v1/testimonies/${testimonyId}/offers`;
    const made = note("make an offer", await journey.call("POST", path, { token, body, headers: key() }));
    offerIds.push(made.body.data.id);
  }
  const offer = { testimonyId, offerId: offerIds[0] ?? "", client, expert };
  const opened = note("open a payment page", await journey.startCheckout(offer, {}, key()));
  const url: string = opened.body.data.url;
  expect((await journey.pay({ url })).status).toBe(303);
  const session = { client, sessionId: url.split("/").at(-1) ?? "" };
  note("accept the offer", await journey.accept(session, key()));
  spent["pay the expert"] = await workBehind("work", 0);
  const event = await eventOf(journey, "checkout.session.completed", () => true);
  note("hear Stripe's event of the payment", await postEvent(journey, event));
  await vi.waitFor(() => expect(delivered()).toBe(2), 60_000);

  holdTheBudgets();
  const writing = (of: (line: Line) => boolean) =>
    logged.filter(of).reduce((sum, { cost }) => sum + (cost?.writes ?? 0), 0);
  expect(writing(({ event }) => event !== "delivery")).toBe(wholeOffer);
  expect(writing(({ event }) => event === "delivery")).toBeLessThanOrEqual(deliveriesMost);
});

it("creates a payment and confirms it", async () => {
  const shop = await Shop.open(journey);
  const shopper = await shop.shopper();
  const terms = { order_id: "order-1", account_id: await shop.account(), amount: 1000 };
  const created = note("create a payment", await shop.create(shopper, terms, key()));
  const { transaction_id: transactionId } = created.body.data;
  const transaction = { shopper, orderId: terms.order_id, accountId: terms.account_id, transactionId };
  note("confirm it", await shop.confirm(transaction, {}, key()));
  holdTheBudgets();
});

it("initiates a transfer and accepts it", async () => {
  const walk = new TransfersJourney(journey);
  const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
  const asked = note("initiate a transfer", await walk.initiate(sender, receiver, {}, key()));
  note("accept it", await walk.accept(receiver, asked.body.data, key()));
  holdTheBudgets();
});

/** Expects that each operation costs what the table says, no more and no less. */
function holdTheBudgets(): void {
  const table = budgets.trim().split("\n").slice(1);
  const expected = Object.fromEntries(
    table.flatMap((line) => {
      const [operation = "", ...counts] = line.split(/\s{2,}/);
      return operation in spent ? [[operation, counts.map(Number)]] : [];
    }),
  );
  const counted = Object.entries(spent).map(([operation, { roundTrips, writes, hops, stripeCalls }]) => [
    operation,
    [roundTrips, writes, hops, stripeCalls],
  ]);
  expect(Object.fromEntries(counted)).toEqual(expected);
}

/** Counts the deliveries that were made; those that were made together are logged together. */
function delivered(): number {
  return logged
    .filter(({ event, cost }) => event === "delivery" && (cost?.writes ?? 0) > 0)
    .reduce((sum, { count = 1 }) => sum + count, 0);
}

const realEstate = {
  type: "garage",
  address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
  region: "ba",
};
