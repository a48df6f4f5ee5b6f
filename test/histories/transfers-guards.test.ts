import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../journey";
import { type Tenant, TransfersJourney } from "../transfers-journey";
import { insertAgain } from "./insert-again";

/*
 * Tests of each second guard of transfers by itself, and of what an application may rely on whatever fails. In any
 * history the first guard hides them.
 */

const journey = new Journey((request) => exports.default.fetch(request));
const walk = new TransfersJourney(journey);
const box = (name: string) => `http://localhost:8787/sandbox/inbox/${name}`;
let sender: Tenant;
let receiver: Tenant;

beforeEach(async () => {
  await journey.reset();
  sender = await walk.tenant();
  receiver = await walk.tenant({ webhookUrl: box("receiver") });
});

const initiated = () => walk.initiated(sender, receiver, { callbackUrl: box("sender") });

describe("the database refuses by itself", () => {
  it("entries that no chain could hold, and any change of one", async () => {
    const day = (await walk.paid(sender, receiver)).acceptedAt.slice(0, 10);
    await env.DB.prepare("INSERT INTO settlement_days (day, closed_at) VALUES (?, 0)").bind(dayBefore(day)).run();
    for (const [changes, reason] of [
      [{}, "UNIQUE"],
      [{ sequence: 2, day: dayBefore(day) }, "settlement_days_open"],
      [{ sequence: 2, day: "2020-01-01" }, "settlement_days_open"],
      [{ sequence: 2, closing_balance: 1 }, "wallet_entries_chain"],
      [{ sequence: 2, amount: 0, opening_balance: 0, closing_balance: 0 }, "wallet_entries_amount"],
    ] as const) {
      await expect(insertAgain("wallet_entries", "id", changes)).rejects.toThrow(reason);
    }
    await insertAgain("wallet_entries", "id", { sequence: 2 }); // these lack only an open day
    for (const statement of ["UPDATE wallet_entries SET narration = 'Rewritten'", "DELETE FROM wallet_entries"]) {
      await expect(env.DB.exec(statement)).rejects.toThrow("immutable");
    }
  });

  it("wallets that do not add up, or are below their limit", async () => {
    await walk.paid(sender, receiver);
    for (const [change, reason] of [
      ["balance = balance + 1", "wallets_balance"],
      ["debit_limit = 14999999", "wallets_debit_limit"],
      ["total_debited_low = 100000000", "wallets_"],
      [
        "balance = -9007199254740992, total_debited_high = 90071992, total_debited_low = 54740992",
        "wallets_balance_limit",
      ],
    ] as const) {
      await expect(env.DB.exec(`UPDATE wallets SET ${change} WHERE balance < 0`)).rejects.toThrow(reason);
    }
    await env.DB.exec("UPDATE wallets SET debit_limit = 15000000 WHERE balance < 0");
  });

  it("a second record of a side, a second batch of a day, and a second transfer of a reference", async () => {
    await walk.paid(sender, receiver);
    await journey.advance(2 * 24 * 60 * 60);
    for (const table of ["transfer_webhooks", "settlement_batches", "settlement_entries", "transfers"]) {
      await expect(insertAgain(table, "id")).rejects.toThrow("UNIQUE");
    }
  });
});

describe("what cannot be written down", () => {
  it.each(["journal", "transfers", "wallets", "transfer_webhooks", "idempotency_keys"])(
    "is no transfer (%s), and the same request makes one later",
    async (table) => {
      const initiate = () => walk.initiate(sender, receiver, {}, { "Idempotency-Key": "once" });
      expect(await refusing(`INSERT ON ${table}`, async () => (await initiate()).status)).toBe(500);
      expect([await count("transfers"), await count("wallets")]).toEqual([0, 0]);
      expect((await initiate()).status).toBe(201);
      expect(await count("transfers")).toBe(1);
    },
  );

  it("moves nothing, and can be accepted later", async () => {
    for (const [at, write] of [
      "INSERT ON journal",
      "UPDATE ON transfers",
      "UPDATE ON wallets",
      "INSERT ON wallet_entries",
      "INSERT ON transfer_webhooks",
      "INSERT ON idempotency_keys",
    ].entries()) {
      const transfer = await initiated();
      const accept = () => walk.accept(receiver, transfer, { "Idempotency-Key": "once" });
      expect(await refusing(write, async () => (await accept()).status), write).toBe(500);
      expect((await walk.must(sender, "GET", `/transactions/${transfer.reference}`)).acceptedAt).toBeUndefined();
      expect(await balances(), write).toEqual([0 - 1500 * at, 1500 * at]);
      expect(await count("wallet_entries"), write).toBe(2 * at);
      expect((await accept()).body.data.status).toBe("COMPLETED");
    }
  });

  it("expires later", async () => {
    const transfer = await initiated();
    await refusing("UPDATE ON transfers", () => journey.advance(25 * 60 * 60));
    await journey.advance(60);
    sender.token = await walk.token(sender);
    expect((await walk.must(sender, "GET", `/transactions/${transfer.reference}`)).status).toBe("EXPIRED");
  });

  it("is settled later", async () => {
    for (const [at, write] of [
      "INSERT ON settlement_entries",
      "INSERT ON settlement_batches",
      "INSERT ON settlement_days",
    ].entries()) {
      for (const tenant of [sender, receiver]) tenant.token = await walk.token(tenant);
      await walk.paid(sender, receiver);
      const batches = await count("settlement_batches");
      await refusing(write, () => journey.advance(2 * 24 * 60 * 60));
      expect(await count("settlement_batches"), write).toBe(batches);
      expect(await count("settlement_entries"), write).toBe(2 * at);
      await journey.advance(60);
      expect(await count("settlement_entries"), write).toBe(2 * (at + 1));
    }
  });
});

describe("an acceptance", () => {
  it("counts for the day in which it was made, whenever the transfer began", async () => {
    const late = await walk.initiated(sender, receiver);
    await journey.advance(untilMidnight(late.createdAt) + 1);
    receiver.token = await walk.token(receiver);
    const { acceptedAt } = (await walk.accept(receiver, late)).body.data;
    const { results } = await env.DB.prepare("SELECT DISTINCT day FROM wallet_entries").all();
    expect(results).toEqual([{ day: acceptedAt.slice(0, 10) }]);
    expect(acceptedAt.slice(0, 10)).not.toBe(late.createdAt.slice(0, 10));
  });
});

describe("the webhook of a transfer", () => {
  it("is delivered by the sweep when its queue message was lost", async () => {
    const { id } = (await initiated()).webhooks[0];
    await expect.poll(() => stateOf(id)).toBe("DELIVERED");
    // Simulates that the queue has lost it.
    await env.DB.exec("UPDATE transfer_webhooks SET state = 'PENDING', attempts = 0, delivered_at = NULL, due_at = 1");
    await journey.advance(60);
    await expect.poll(() => stateOf(id)).toBe("DELIVERED");
    expect(await arrivals("receiver")).toHaveLength(2);
  });

  it("says the state at the event, even when the transfer has ended since", async () => {
    await journey.control("POST", "inbox", { box: "receiver", mode: "fail" });
    const transfer = await initiated();
    await expect.poll(async () => (await arrivals("receiver")).length).toBe(1);
    await walk.accept(receiver, transfer);
    await journey.control("POST", "inbox", { box: "receiver", mode: "ok" });
    await journey.advance(60);
    await expect.poll(() => stateOf(transfer.webhooks[0].id)).toBe("DELIVERED");
    const [last, first] = (await arrivals("receiver")).map(({ body }) => body);
    expect(last).toBe(first);
    expect(JSON.parse(last ?? "").transaction).toMatchObject({ status: "AWAITING_ACCEPTANCE" });
  });
});

/** Does work while the database refuses to write a kind of row. */
async function refusing<T>(write: string, work: () => Promise<T>): Promise<T> {
  await env.DB.exec(`CREATE TRIGGER refuse BEFORE ${write} BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  try {
    return await work();
  } finally {
    await env.DB.exec("DROP TRIGGER refuse");
  }
}

async function count(table: string): Promise<number> {
  return (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;
}

/** Returns the balances of the sender's and the receiver's wallet. */
function balances(): Promise<number[]> {
  return Promise.all([sender, receiver].map(async (one) => (await walk.must(one, "GET", "/wallet")).balance));
}

async function stateOf(id: string): Promise<unknown> {
  return (await env.DB.prepare("SELECT state FROM transfer_webhooks WHERE id = ?").bind(id).first())?.state;
}

/** Returns the messages of a box, newest first. */
async function arrivals(name: string): Promise<{ body: string }[]> {
  return (await journey.control("GET", `inbox?box=${name}`)).body.received;
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10);
}

const dayMs = 24 * 60 * 60 * 1000;

function untilMidnight(instant: string): number {
  return Math.ceil((dayMs - (Date.parse(instant) % dayMs)) / 1000);
}
