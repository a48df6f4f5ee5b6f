import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { CommandName, Input, PerformDeps } from "../../src/operations/operations";
import { run } from "../../src/operations/operations";
import { journey } from "../http/checked";
import { Seller } from "../seller";
import { must, wired } from "../tenant";
import { rows } from "./rows";

let deps: PerformDeps;

beforeEach(async () => {
  await journey.reset();
  deps = await wired();
});

/** Makes an expert with an account at Stripe without onboarding. Returns both ids. */
async function openedAccount(): Promise<{ userId: string; stripeId: string }> {
  const { token } = await journey.registerExpert();
  await journey.must(200, "POST", "/me/payout-account", { token, body: {} });
  const [account] = await rows<{ user_id: string; stripe_account_id: string }>("select * from payout_accounts");
  return { userId: account?.user_id ?? "", stripeId: account?.stripe_account_id ?? "" };
}

/** Performs a command whose last write comes after something else has happened, as if its object had been evicted. */
async function runLate<N extends CommandName>(
  name: N,
  input: Input<N>,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  let reads = 0;
  const batch: typeof deps.db.batch = async (statements) => {
    reads += 1;
    if (reads === 2) await meanwhile();
    return deps.db.batch(statements);
  };
  await run({ ...deps, db: Object.assign(Object.create(deps.db), { batch }) }, { name, input });
  expect(reads).toBe(2);
}

describe("an event that is replayed while it is processed", () => {
  interface Stored {
    state: string;
    attempts: number;
    version: number;
    due_at: number | null;
  }

  const eventId = "evt_1";
  const stored = async () => (await rows<Stored>("select * from stripe_events where id = ?", eventId))[0];

  /** Stores an unprocessed event with so many failed attempts. */
  async function storedEvent(attempts: number): Promise<void> {
    const { stripeId } = await openedAccount();
    const payload = JSON.stringify({ data: { object: { id: stripeId } } });
    await env.DB.prepare(
      `insert into stripe_events (id, account, type, object_id, payload, state, attempts, due_at, created_at, received_at)
       values (?, ?, 'account.updated', ?, ?, 'received', ?, 0, 0, 0)`,
    )
      .bind(eventId, stripeId, stripeId, payload, attempts)
      .run();
  }

  /** Begins its processing, and holds the command that it causes until the test decides how it ends. */
  async function beginProcessing() {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const runSerialized: PerformDeps["runSerialized"] = async (command) => {
      begun.resolve();
      await gate.promise;
      return deps.runSerialized(command);
    };
    const over = run({ ...deps, runSerialized }, { name: "process-stripe-event", input: { eventId } });
    await begun.promise;
    return {
      async succeed() {
        gate.resolve();
        await over;
      },
      async fail() {
        gate.reject(new Error("Stripe does not answer"));
        await over;
      },
    };
  }

  function replay(by: PerformDeps) {
    return must(by, { name: "replay-stripe-event", input: { eventId, operator: "test" } });
  }

  const process = () => must(deps, { name: "process-stripe-event", input: { eventId } });

  it("is processed again after that, though the first run succeeds and the replay's message is lost", async () => {
    await storedEvent(0);
    const first = await beginProcessing();
    await replay({ ...deps, enqueueCommands: async () => undefined });
    await first.succeed();
    expect(await stored()).toMatchObject({ state: "received", attempts: 0 });
    expect((await stored())?.due_at).toBeLessThanOrEqual(deps.nowMs());
    await process();
    expect(await stored()).toMatchObject({ state: "processed" });
  });

  it.each([0, 11])("is not ended by the failure of the first run, its number %i", async (attempts) => {
    await storedEvent(attempts);
    const first = await beginProcessing();
    await replay({ ...deps, enqueueCommands: async () => undefined });
    await first.fail();
    expect(await stored()).toMatchObject({ state: "received", attempts: 0 });
    await process();
    expect(await stored()).toMatchObject({ state: "processed" });
  });

  it("stays processed when the first run fails after the second has ended", async () => {
    await storedEvent(11);
    const [first, second] = [await beginProcessing(), await beginProcessing()];
    await second.succeed();
    await first.fail();
    expect(await stored()).toMatchObject({ state: "processed", attempts: 11 });
  });
});

describe("an older answer of Stripe's about an account", () => {
  const payoutAccount = async () => (await rows("select state, due_at from payout_accounts"))[0];

  it("does not undo what a newer one said: an expert's", async () => {
    const { userId, stripeId } = await openedAccount();
    let newer: unknown;
    await runLate("check-payout-account", { userId }, async () => {
      await journey.events("drop");
      await journey.control("POST", "accounts", { account: stripeId, status: "ready" });
      await must(deps, { name: "check-payout-account", input: { userId } });
      newer = await payoutAccount();
    });
    expect(newer).toMatchObject({ state: "ready" });
    expect(await payoutAccount()).toEqual(newer);
  });

  it("does not undo what a newer one said: a developer's", async () => {
    const seller = await Seller.register(journey);
    const stripeId = await seller.opened();
    const [{ id = "" } = {}] = await rows<{ id: string }>("select id from connected_accounts");
    await runLate("check-connected-account", { id }, async () => {
      await journey.events("drop");
      await journey.control("POST", "accounts", { account: stripeId, status: "ready" });
      await must(deps, { name: "check-connected-account", input: { id } });
    });
    const [account] = await rows("select state from connected_accounts");
    expect(account).toEqual({ state: "ready" });
  });

  it("does not put off a look that a newer one has planned, where Stripe did not answer", async () => {
    const { userId, stripeId } = await openedAccount();
    await journey.events("drop");
    await journey.control("POST", "accounts", { account: stripeId, status: "ready" });
    await journey.fault("GET /v1/accounts/*", "500", 2);
    let newer: unknown;
    await runLate("check-payout-account", { userId }, async () => {
      await must(deps, { name: "check-payout-account", input: { userId } });
      newer = await payoutAccount();
    });
    expect(newer).toMatchObject({ state: "ready" });
    expect(await payoutAccount()).toEqual(newer);
  });
});
