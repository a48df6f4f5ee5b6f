import Stripe from "stripe";
import { beforeEach, describe, expect, it } from "vitest";
import { journey } from "../../http/checked";
import { newEmail, Seller } from "../../seller";
import { Shop } from "../../shop";
import { rows } from "../rows";

let seller: Seller;

beforeEach(async () => {
  await journey.reset();
  seller = await Seller.register(journey);
});

const hourSeconds = 60 * 60;
const daySeconds = 24 * hourSeconds;

/** Faults before Stripe's work and after it. The SDK itself repeats most of them once. */
const failures = [
  ["timeout_before", 2],
  ["reset", 2],
  ["429", 1],
  ["500", 2],
  ["500_stored", 2],
  ["timeout_after", 2],
  ["500_after", 2],
  ["truncated", 1],
] as const;

interface AccountRow {
  id: string;
  stripe_id: string | null;
  state: string;
  live: number | null;
  requirements: string;
  due_at: number | null;
}

async function accountRow(): Promise<AccountRow> {
  const [row] = await rows<AccountRow>("select * from connected_accounts order by id desc limit 1");
  if (!row) throw new Error("there is no account");
  return row;
}

async function accountsAtStripe(): Promise<{ id: string }[]> {
  return (await journey.stripe("/accounts?limit=100")).data;
}

/** Lists the developer's events of the newest account, oldest first. */
async function told(): Promise<{ type: string; state: string; accountId: string }[]> {
  const { id } = await accountRow();
  const found = await rows<{ type: string; data: string }>(
    "select type, data from outbox where aggregate_id = ? order by sequence",
    id,
  );
  return found.map(({ type, data }) => ({ type, ...JSON.parse(data) }));
}

async function journal(): Promise<string[]> {
  const { id } = await accountRow();
  const found = await rows<{ name: string }>("select name from journal where aggregate_id = ? order by version", id);
  return found.map(({ name }) => name);
}

/** Lists an account's events at Stripe, newest first. */
async function eventsOf(accountId: string): Promise<Stripe.Event[]> {
  return (await journey.stripe("/events?limit=100", accountId)).data;
}

/** Delivers an event of a connected account as Stripe does. */
async function deliver(event: Stripe.Event): Promise<void> {
  const signature = await new Stripe("sk_test_signs").webhooks.generateTestHeaderStringAsync({
    payload: JSON.stringify(event),
    secret: "whsec_sandbox_connect",
    timestamp: (await journey.control("GET", "clock")).body.nowSeconds,
  });
  await journey.must(200, "POST", "/webhooks", { body: event, headers: { "Stripe-Signature": signature } });
}

function put(account: string, status: string) {
  return journey.control("POST", "accounts", { account, status });
}

describe("opening an account", () => {
  it.each(failures)("whose creation ends in %s is finished by the clock, once", async (kind, times) => {
    const email = newEmail();
    await journey.fault("POST /v1/accounts", kind, times);
    const answer = await seller.open({ email });
    expect([answer.status, answer.body.code]).toEqual([503, "stripe_unavailable"]);
    expect(await accountRow()).toMatchObject({ state: "creating", stripe_id: null, live: 1 });

    await journey.advance(60);
    const [account, ...others] = await accountsAtStripe();
    expect(others).toEqual([]);
    expect(await accountRow()).toMatchObject({ state: "incomplete", stripe_id: account?.id });
    expect(await told()).toMatchObject([{ type: "account.updated", accountId: account?.id, state: "incomplete" }]);
    const again = await seller.open({ email });
    expect([again.status, again.body.account_id]).toEqual([409, account?.id]);
  });

  it.each(failures)("whose creation ended in %s is finished by the next request, once", async (kind, times) => {
    const email = newEmail();
    await journey.fault("POST /v1/accounts", kind, times);
    expect((await seller.open({ email })).status).toBe(503);
    const again = await seller.open({ email: email.toUpperCase() });
    expect(again.status).toBe(201);
    expect((await accountsAtStripe()).map(({ id }) => id)).toEqual([again.body.data.account_id]);
    await journey.advance(60);
    expect(await accountsAtStripe()).toHaveLength(1);
    expect(await journal()).toEqual(["open-connected-account", "create-connected-account"]);
  });

  it("that Stripe does not answer for more than a day asks what exists before it tries again", async () => {
    const email = newEmail();
    await journey.fault("POST /v1/accounts", "timeout_after", 2);
    expect((await seller.open({ email })).status).toBe(503);
    await journey.advance(daySeconds + 60); // by then Stripe has forgotten the key
    expect(await accountRow()).toMatchObject({ state: "incomplete" });
    expect(await accountsAtStripe()).toHaveLength(1);
  });

  it.each([
    ["accountsV1", "Switch Accounts v1 support on"],
    ["profileSigned", "Sign the platform profile"],
  ])("that Stripe refuses leaves no account, and the e-mail free (%s)", async (term, todo) => {
    const email = newEmail();
    const waiting = async () => (await journey.operator("GET", "/attention")).body.data.entries;
    await journey.control("POST", "platform", { [term]: false });
    const refused = await seller.open({ email });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      details: { message: expect.stringContaining("Stripe opens no accounts for this platform yet") },
      code: "stripe_refused",
    });
    expect(await waiting()).toMatchObject([{ kind: "platform_not_ready", note: expect.stringContaining(todo) }]);
    expect(await accountRow()).toMatchObject({ state: "failed", live: null, stripe_id: null });
    expect(await journal()).toEqual(["open-connected-account", "refuse-connected-account"]);
    await journey.control("POST", "platform", { [term]: true });
    expect((await seller.open({ email })).status).toBe(201);
    expect(await waiting()).toEqual([]);
    const { body } = await seller.ask("GET", "/connected-accounts");
    expect(body.data).toHaveLength(1);
  });

  it("by five requests at once opens one", async () => {
    const email = newEmail();
    await journey.fault("POST /v1/accounts", "slow", 1);
    const answers = await Promise.all(Array.from({ length: 5 }, () => seller.open({ email })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(await accountsAtStripe()).toHaveLength(1);
  });

  it("asks for card payments and transfers, and says whose the account is", async () => {
    await seller.opened();
    const [american] = await accountsAtStripe();
    expect(american).toMatchObject({
      country: "US",
      capabilities: {
        card_payments: "inactive",
        transfers: "inactive",
        us_bank_transfer_payments: "inactive",
        link_payments: "inactive",
      },
      controller: {
        fees: { payer: "application" },
        losses: { payments: "application" },
        stripe_dashboard: { type: "express" },
      },
      metadata: { developer_id: seller.id, account_id: (await accountRow()).id },
    });
    await seller.opened({ country: "SK" });
    const [slovak] = await accountsAtStripe();
    expect(slovak).toMatchObject({ country: "SK", capabilities: { card_payments: "inactive", transfers: "inactive" } });
    expect(slovak).not.toHaveProperty("capabilities.link_payments");
  });
});

describe("the state of an account", () => {
  it("follows Stripe's events, and the developer is told of each change once", async () => {
    const accountId = await seller.opened();
    await put(accountId, "under_review");
    await journey.advance(0);
    await put(accountId, "ready");
    await journey.advance(0);
    await put(accountId, "ready");
    await journey.advance(0);
    await put(accountId, "rejected");
    await journey.advance(0);
    expect((await told()).map(({ state }) => state)).toEqual(["incomplete", "under_review", "ready", "paused"]);
    expect(await accountRow()).toMatchObject({ state: "paused" });
  });

  it("stays ready when the events come newest first, and twice", async () => {
    const accountId = await seller.opened();
    await journey.events("hold");
    await put(accountId, "under_review");
    await put(accountId, "paused");
    await put(accountId, "ready");
    const events = await eventsOf(accountId);
    expect(events.map(({ type }) => type)).toEqual(["account.updated", "account.updated", "account.updated"]);
    for (const event of [...events, ...events]) {
      await deliver(event);
      await journey.advance(0);
      expect(await accountRow()).toMatchObject({ state: "ready" });
    }
    expect((await told()).map(({ state }) => state)).toEqual(["incomplete", "ready"]);
  });

  it("is not changed by an event that speaks of another account", async () => {
    const accountId = await seller.opened();
    const other = await seller.opened();
    await journey.events("hold");
    await put(accountId, "ready");
    const [event] = await eventsOf(accountId);
    if (!event) throw new Error("there is no event");
    await deliver({ ...event, id: "evt_mixed", account: other });
    await journey.advance(0);
    const [row] = await rows<{ state: string }>("select state from connected_accounts where stripe_id = ?", accountId);
    expect(row?.state).toBe("incomplete");
    expect(await rows("select aggregate_id, state from stripe_events where id = 'evt_mixed'")).toEqual([
      { aggregate_id: null, state: "processed" },
    ]);
  });

  it("is up to date at once for a reader, and soon for everybody, with all events lost", async () => {
    await journey.events("drop");
    const accountId = await seller.ready();
    expect(await accountRow()).toMatchObject({ state: "incomplete" });
    expect(await seller.status(accountId)).toBe("ready");
    await expect.poll(async () => (await accountRow()).state).toBe("ready");
    expect((await told()).map(({ state }) => state)).toEqual(["incomplete", "ready"]);
  });

  it("is found by the clock with all events lost: hourly at first, daily later, and when it is ready, too", async () => {
    await journey.events("drop");
    const accountId = await seller.ready();
    await journey.advance(hourSeconds + 60);
    expect(await accountRow()).toMatchObject({ state: "ready" });
    await journey.advance(40 * daySeconds);
    await put(accountId, "under_review");
    await journey.advance(daySeconds + 60);
    expect(await accountRow()).toMatchObject({ state: "under_review" });
    expect((await told()).map(({ state }) => state)).toEqual(["incomplete", "ready", "under_review"]);
  });

  it("stays what it was while Stripe is down, and is asked about again", async () => {
    const accountId = await seller.ready();
    await journey.advance(0);
    await journey.events("drop");
    await put(accountId, "under_review");
    await journey.fault("GET /v1/accounts/*", "500", 4);
    const answer = await seller.view(accountId);
    expect([answer.status, answer.body.code]).toEqual([503, "stripe_unavailable"]);
    await journey.advance(hourSeconds + 60);
    expect(await accountRow()).toMatchObject({ state: "ready" });
    await journey.advance(3 * hourSeconds);
    expect(await accountRow()).toMatchObject({ state: "under_review" });
  });
});

describe("events of what happens on an account", () => {
  it("that never arrived are found in Stripe's list, stored once, and processed", async () => {
    const shop = await Shop.open(journey);
    const transaction = await shop.started();
    await journey.advance(0);
    await journey.events("drop");
    expect((await shop.confirm(transaction)).status).toBe(200);
    const stored = () =>
      rows<{ account: string; state: string }>(
        "select account, state from stripe_events where type = 'payment_intent.succeeded'",
      );
    expect(await stored()).toEqual([]);
    await journey.advance(hourSeconds + 60);
    await journey.advance(60);
    expect(await stored()).toEqual([{ account: transaction.accountId, state: "processed" }]);
    await journey.advance(2 * hourSeconds);
    expect(await stored()).toHaveLength(1);
  });

  it("are read where the last look ended, also after an outage of Stripe's", async () => {
    const accountId = await seller.ready();
    await journey.advance(0);
    await journey.events("drop");
    await journey.fault("GET /v1/events", "500", 20);
    await put(accountId, "ready");
    await journey.advance(hourSeconds + 60);
    await journey.control("DELETE", "faults");
    await journey.advance(3 * hourSeconds);
    const events = await eventsOf(accountId);
    expect(events.length).toBeGreaterThanOrEqual(2);
    for (const { id } of events) {
      expect(await rows("select id from stripe_events where id = ?", id), id).toHaveLength(1);
    }
  });
});

describe("an account whose holder has disconnected it", () => {
  it("is found gone by the event, shows nothing that Stripe hides, and can be deleted", async () => {
    const accountId = await seller.ready();
    await journey.advance(0);
    await put(accountId, "deauthorized");
    await journey.advance(0);
    expect(await accountRow()).toMatchObject({ state: "gone" });
    const { status, body } = await seller.view(accountId);
    expect([status, body.data.status, body.data.capabilities]).toEqual([200, "gone", {}]);
    expect((await seller.delete(accountId)).status).toBe(204);
    expect(await accountRow()).toMatchObject({ state: "deleted", live: null });
  });

  it("is found gone by the clock when the event was lost", async () => {
    const accountId = await seller.ready();
    await journey.advance(0);
    await journey.events("drop");
    await put(accountId, "deauthorized");
    await journey.advance(daySeconds + 60);
    expect(await accountRow()).toMatchObject({ state: "gone" });
  });
});

describe("deleting an account", () => {
  it("leaves no live row: it is gone here and at Stripe, its e-mail is free, its history stays", async () => {
    const email = newEmail();
    const accountId = await seller.opened({ email });
    expect((await seller.delete(accountId)).status).toBe(204);
    expect(await accountRow()).toMatchObject({ state: "deleted", live: null });
    expect(await accountsAtStripe()).toEqual([]);
    expect((await seller.view(accountId)).status).toBe(401);
    expect((await seller.ask("GET", "/connected-accounts")).body.data).toEqual([]);
    expect(await journal()).toEqual([
      "open-connected-account",
      "create-connected-account",
      "delete-connected-account",
      "forget-connected-account",
    ]);
    expect((await told()).at(-1)).toMatchObject({ accountId, state: "deleted" });
    expect((await seller.delete(accountId)).status).toBe(204);
    await journey.advance(61);
    expect(await accountRow()).toMatchObject({ state: "deleted", due_at: null });
    expect((await seller.open({ email })).status).toBe(201);
  });

  // After 500_after the SDK's own repeat finds that the account is gone, which is an answer.
  it.each(failures.filter(([kind]) => kind !== "500_after"))(
    "whose call ends in %s is finished by the clock",
    async (kind, times) => {
      const accountId = await seller.opened();
      await journey.fault("DELETE /v1/accounts/*", kind, times);
      expect((await seller.delete(accountId)).status).toBe(503);
      expect(await accountRow()).toMatchObject({ state: "deleting", live: 1 });
      await journey.advance(60);
      expect(await accountRow()).toMatchObject({ state: "deleted", live: null });
      expect(await accountsAtStripe()).toEqual([]);
      expect(await rows("select 1 from stripe_effects where state = 'open'")).toEqual([]);
    },
  );

  it("that was asked for twice is done once, whoever finishes it", async () => {
    const accountId = await seller.opened();
    await journey.fault("DELETE /v1/accounts/*", "timeout_after", 2);
    expect((await seller.delete(accountId)).status).toBe(503);
    expect((await seller.delete(accountId)).status).toBe(204);
    expect((await journal()).filter((name) => name === "forget-connected-account")).toHaveLength(1);
  });

  it("is refused while money is on it, though Stripe would delete a test account; a balance that Stripe does not tell is no zero", async () => {
    const shop = await Shop.open(journey);
    const { accountId, shopper } = await shop.paid();
    const remove = () => shop.ask(shopper, "DELETE", `/connected-accounts/${accountId}`);
    await journey.fault("GET /v1/balance", "500", 2);
    expect((await remove()).status).toBe(503);
    const answer = await remove();
    expect([answer.status, answer.body.code]).toEqual([409, "account_in_use"]);
    expect(answer.body.detail).toBe("The account is in use. Its balance is not zero.");
    await journey.advance(10 * daySeconds);
    await journey.control("POST", "payouts", { account: accountId });
    await journey.advance(10 * daySeconds);
    expect((await remove()).status).toBe(204);
  });

  it("is refused while a payment on it is open", async () => {
    const shop = await Shop.open(journey);
    const { accountId, shopper } = await shop.paid({ capture_method: "manual" });
    const answer = await shop.ask(shopper, "DELETE", `/connected-accounts/${accountId}`);
    expect([answer.status, answer.body.code]).toEqual([409, "account_in_use"]);
    expect(answer.body.detail).toBe("The account is in use. Payments on it are open.");
    expect((await accountsAtStripe()).map(({ id }) => id)).toEqual([accountId]);
  });

  it("that Stripe refuses leaves the account as it was", async () => {
    const accountId = await seller.ready();
    await journey.advance(0);
    await journey.fault("DELETE /v1/accounts/*", "timeout_before", 2);
    expect((await seller.delete(accountId)).status).toBe(503);
    await chargeOn(accountId);
    await journey.advance(60);
    expect(await accountRow()).toMatchObject({ state: "ready", live: 1 });
    expect(await journal()).toContain("keep-connected-account");
    expect(await seller.status(accountId)).toBe("ready");
  });
});

/** Puts money on an account out-of-band. */
async function chargeOn(accountId: string): Promise<void> {
  const intent = await journey.stripePost(
    "/payment_intents",
    {
      amount: 1000,
      currency: "usd",
      payment_method: "pm_card_visa",
      confirm: "true",
      "automatic_payment_methods[enabled]": "true",
      "automatic_payment_methods[allow_redirects]": "never",
    },
    accountId,
  );
  expect(intent).toMatchObject({ status: "succeeded" });
}
