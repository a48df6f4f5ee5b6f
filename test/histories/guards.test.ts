import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import worker from "../../src/sandbox";
import { World } from "../../src/sandbox/core/world";
import { emulatorOf } from "../../src/sandbox/emulator-of";
import { openStripe } from "../../src/stripe/client";
import { Journey } from "../journey";
import { insertAgain } from "./insert-again";

/* Tests of each second guard by itself. In any history the first guard hides it. */

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

describe("the database refuses by itself", () => {
  it.each([
    ["a second change of the same version", "journal", "change_id"],
    ["a second payout of one payment", "payouts", "id"],
  ])("%s", async (_, table, id) => {
    const paid = await journey.paidOffer();
    await journey.accept(paid);
    await expect(insertAgain(table, id)).rejects.toThrow("UNIQUE");
  });

  it("more that goes back of a payment than came", async () => {
    await journey.paidOffer();
    const more = env.DB.prepare("UPDATE checkouts SET refunded_minor = total_minor + 1");
    await expect(more.run()).rejects.toThrow("CHECK");
  });

  it("a second page that one client could pay for one offer", async () => {
    await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    await expect(insertAgain("checkouts", "id")).rejects.toThrow("UNIQUE");
  });
});

describe("all of a change or nothing", () => {
  it.each([
    ["its events", "INSERT ON outbox"],
    ["the answer under its idempotency key", "INSERT ON idempotency_keys"],
    ["its place in the journal", "INSERT ON journal"],
  ])("a change without %s does not happen", async (_, write) => {
    const client = await journey.registerClient();
    const testimonyId = await journey.createTestimony(client);
    const cancel = () =>
      journey.call("POST", `/api/v1/testimonies/${testimonyId}/cancel`, {
        token: client.token,
        body: {},
        headers: { "Idempotency-Key": "once" },
      });
    await env.DB.exec(`CREATE TRIGGER refuse BEFORE ${write} BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    try {
      expect((await cancel()).status).toBe(500);
    } finally {
      await env.DB.exec("DROP TRIGGER refuse");
    }
    expect(await journey.state({ testimonyId, client })).toBe("pending");
  });
});

describe("a call at Stripe", () => {
  it.each(["timeout_after", "500_after"])("whose answer is lost (%s) is made once", async (kind) => {
    await journey.fault("POST /v1/transfers", kind, 2);
    const paid = await journey.paidOffer();
    await journey.accept(paid);
    await journey.advance(10);
    await journey.advance(60);
    expect((await journey.stripe("/transfers")).data).toHaveLength(1);
    expect(await env.DB.prepare("SELECT state FROM payouts").first()).toEqual({ state: "paid" });
  });

  it("that opens a page is found again by the repeated request", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    await journey.fault("POST /v1/checkout/sessions", "timeout_after", 2);
    const input = { phone: "+421901234567" };
    expect((await journey.startCheckout(offer, input)).status).toBe(500);
    expect((await journey.startCheckout(offer, input)).status).toBe(200);
    expect((await journey.stripe("/checkout/sessions")).data).toHaveLength(1);
  });

  it("is due again from the moment it is written down", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    await journey.fault("POST /v1/checkout/sessions", "timeout_before", 2);
    const asked = journey.startCheckout(offer);
    let claimed: unknown = null;
    for (let turn = 0; turn < 100 && claimed === null; turn += 1) {
      await scheduler.wait(2);
      claimed = await env.DB.prepare("SELECT state, due_at > 0 AS isDue FROM stripe_effects").first();
    }
    expect(claimed).toEqual({ state: "open", isDue: 1 });
    expect((await asked).status).toBe(500);
  });
});

describe("Stripe's events", () => {
  it("are not processed again once they are", async () => {
    await journey.paidOffer();
    await journey.advance(10);
    const { results } = await env.DB.prepare("SELECT id FROM stripe_events WHERE state = 'processed'").all();
    expect(results.length).toBeGreaterThan(0);
    const before = await requestCount();
    await queued(results.map(({ id }) => ({ name: "process-stripe-event", input: { eventId: id } })));
    expect(await requestCount()).toBe(before);
  });

  it("are processed later when they could not be", async () => {
    const paid = await journey.paidOffer();
    await journey.accept(paid);
    await journey.advance(10);
    await journey.fault("GET /v1/disputes/*", "500", 20);
    const [charge] = (await journey.stripe("/charges")).data;
    await journey.control("POST", "disputes", { charge: charge.id });
    await journey.advance(10);
    expect(await count("disputes")).toBe(0);
    await journey.control("DELETE", "faults");
    await journey.advance(7 * 60 * 60);
    expect(await count("disputes")).toBe(1);
  });

  it("cannot undo a newer fact about an account", async () => {
    const expert = await journey.registerExpert();
    await journey.onboard(expert);
    await journey.advance(10);
    await journey.events("hold");
    await setTransfers("inactive");
    await journey.events("deliver");
    await setTransfers("active");
    await journey.advance(10);
    await journey.flushEvents();
    await journey.advance(10);
    const row = await env.DB.prepare("SELECT state FROM payout_accounts").first();
    expect(row).toEqual({ state: "ready" });
  });
});

it("nobody pays for an offer with another amount", async () => {
  await journey.events("drop");
  const paid = await journey.paidOffer();
  await inWorld((world) => world.change("checkout.session", "", paid.sessionId, { amount_total: 100 }));
  expect(await journey.accept(paid)).toMatchObject({ status: 422 });
  expect(await journey.state(paid)).toBe("offered");
  const row = await env.DB.prepare("SELECT kind FROM attention WHERE cleared_at IS NULL").first();
  expect(row).toEqual({ kind: "session_mismatch" });
});

it.each([
  [200, {}],
  [200, { object: "refund" }],
  [404, { message: "Not here." }],
  [200, { id: "ch_1", object: "charge" }],
])("an answer of %i %j is no refund", async (status, body) => {
  const stripe = openStripe({
    key: "sk_test_unused",
    timeoutMs: 1_000,
    cost: { stripeCalls: 0 },
    fetch: async () => Response.json(body, { status }),
  });
  const outcome = await stripe.call("refund", (sdk) => sdk.refunds.retrieve("re_1"));
  expect(outcome).toMatchObject({ ok: false, failure: { kind: "bad_answer", meaning: "unknown" } });
});

it("a message that fails leaves its neighbours alone", async () => {
  const { testimonyId, id } = { testimonyId: "none", id: "none" };
  const good = { name: "advance-payout", input: { testimonyId: crypto.randomUUID(), payoutId: id } };
  const result = await queued([good, { name: "of-no-command", input: { testimonyId } }, good]);
  expect(result.explicitAcks).toEqual(["0", "2"]);
  expect(result.retryMessages).toMatchObject([{ msgId: "1" }]);
});

/** Passes commands to the queue's consumer as one batch. */
async function queued(commands: readonly object[]) {
  const messages = commands.map((command, at) => ({
    id: String(at),
    timestamp: new Date(),
    attempts: 1,
    body: { command },
  }));
  const batch = createMessageBatch("accord-work", messages);
  const context = createExecutionContext();
  await worker.queue(batch as never, env as never, context);
  return getQueueResult(batch, context);
}

async function requestCount(): Promise<number> {
  const { requests } = (await journey.control("GET", "requests")).body;
  return requests.filter(({ source }: { source: string }) => source === "application").length;
}

async function count(table: string): Promise<number> {
  return (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;
}

/** Changes the capability of the only account, as Stripe does. */
function setTransfers(transfers: "active" | "inactive"): Promise<void> {
  return inWorld((world) => {
    const [account] = world.objects.all("account", "", {});
    if (!account) throw new Error("there is no account");
    const { object, previous } = world.change("account", "", account.id, { capabilities: { transfers } });
    world.emit("account.updated", object, { account: account.id, previous });
  });
}

function inWorld(change: (world: World) => unknown): Promise<void> {
  return runInDurableObject(emulatorOf(env), (_, { storage }) => void change(new World(storage.sql)));
}
