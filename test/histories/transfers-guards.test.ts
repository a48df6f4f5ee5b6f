import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { Journey } from "../journey";
import { type Tenant, TransfersJourney } from "../transfers-journey";
import { insertAgain } from "./insert-again";

/*
 * The second lines of defence of transfers, one by one, and what an application may rely on whatever breaks. In any history
 * the first line hides them: these tests show that each holds by itself.
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
  beforeEach(async () => {
    const { acceptedAt } = await walk.paid(sender, receiver);
    const day = acceptedAt.slice(0, 10);
    await env.DB.prepare("INSERT INTO settlement_days (day, closed_at) VALUES (?, 0)").bind(dayBefore(day)).run();
  });

  it.each([
    ["a second entry of the same number", {}, "UNIQUE"],
    ["an entry of a day that is closed", { sequence: 2, day: "yesterday" }, "settlement_days_open"],
    ["an entry of a day before it", { sequence: 2, day: "2020-01-01" }, "settlement_days_open"],
    ["an entry that does not add up", { sequence: 2, closing_balance: 1 }, "wallet_entries_chain"],
    [
      "an entry of nothing",
      { sequence: 2, amount: 0, closing_balance: 0, opening_balance: 0 },
      "wallet_entries_amount",
    ],
  ])("%s", async (_, changes, reason) => {
    const { day } = changes as { day?: string };
    const given = day === "yesterday" ? { ...changes, day: dayBefore(await today()) } : changes;
    await expect(insertAgain("wallet_entries", "id", given)).rejects.toThrow(reason);
  });

  it("takes an entry of a day that is open, which is all that the others lack", async () => {
    await insertAgain("wallet_entries", "id", { sequence: 2 });
  });

  it.each(["UPDATE wallet_entries SET narration = 'Rewritten'", "DELETE FROM wallet_entries"])(
    "%s",
    async (statement) => {
      await expect(env.DB.exec(statement)).rejects.toThrow("immutable");
    },
  );

  it.each([
    ["a balance that is not what came in less what went out", "balance = balance + 1", "wallets_balance"],
    ["a wallet below its limit", "debit_limit = 14999999", "wallets_debit_limit"],
    ["more than anybody can count", "total_debited = 9007199254740992", "wallets_"],
  ])("%s", async (_, change, reason) => {
    await expect(env.DB.exec(`UPDATE wallets SET ${change} WHERE balance < 0`)).rejects.toThrow(reason);
  });

  it("a second record of a side, a second batch of a day, and a second transfer of a reference", async () => {
    await journey.advance(2 * 24 * 60 * 60);
    for (const [table, id] of [
      ["transfer_webhooks", "id"],
      ["settlement_batches", "id"],
      ["settlement_entries", "id"],
      ["transfers", "id"],
    ] as const) {
      await expect(insertAgain(table, id)).rejects.toThrow("UNIQUE");
    }
  });
});

describe("what cannot be written down", () => {
  it.each([
    "INSERT ON journal",
    "INSERT ON transfers",
    "INSERT ON wallets",
    "INSERT ON transfer_webhooks",
    "INSERT ON idempotency_keys",
  ])("is no transfer (%s), and the same request makes one later", async (write) => {
    const key = { "Idempotency-Key": "once" };
    const initiate = () => walk.initiate(sender, receiver, {}, key);
    expect(await refusing(write, async () => (await initiate()).status)).toBe(500);
    expect(await count("transfers")).toBe(0);
    expect(await count("wallets")).toBe(0);
    expect((await initiate()).status).toBe(201);
    expect(await count("transfers")).toBe(1);
  });

  it.each([
    "INSERT ON journal",
    "UPDATE ON transfers",
    "UPDATE ON wallets",
    "INSERT ON wallet_entries",
    "INSERT ON transfer_webhooks",
    "INSERT ON idempotency_keys",
  ])("moves nothing (%s), and can be accepted later", async (write) => {
    const transfer = await initiated();
    const accept = () => walk.accept(receiver, transfer, { "Idempotency-Key": "once" });
    expect(await refusing(write, async () => (await accept()).status)).toBe(500);
    expect((await walk.must(sender, "GET", `/transactions/${transfer.reference}`)).status).toBe("AWAITING_ACCEPTANCE");
    expect(await balances()).toEqual([0, 0]);
    expect(await count("wallet_entries")).toBe(0);
    expect((await accept()).body.data.status).toBe("COMPLETED");
    expect(await balances()).toEqual([-1500, 1500]);
  });

  it("expires later", async () => {
    const transfer = await initiated();
    await refusing("UPDATE ON transfers", () => journey.advance(25 * 60 * 60));
    await journey.advance(60);
    sender.token = await walk.token(sender);
    expect((await walk.must(sender, "GET", `/transactions/${transfer.reference}`)).status).toBe("EXPIRED");
  });

  it.each(["INSERT ON settlement_entries", "INSERT ON settlement_batches", "INSERT ON settlement_days"])(
    "is settled later (%s)",
    async (write) => {
      await walk.paid(sender, receiver);
      await refusing(write, () => journey.advance(2 * 24 * 60 * 60));
      expect(await count("settlement_batches")).toBe(0);
      expect(await count("settlement_entries")).toBe(0);
      await journey.advance(60);
      expect(await count("settlement_entries")).toBe(2);
    },
  );
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

describe("whoever must be told", () => {
  it("is, although the message was lost and nobody but the sweep knows", async () => {
    const { id } = (await initiated()).webhooks[0];
    await expect.poll(() => stateOf(id)).toBe("DELIVERED");
    // As if the queue had lost it.
    await env.DB.exec("UPDATE transfer_webhooks SET state = 'PENDING', attempts = 0, delivered_at = NULL, due_at = 1");
    await journey.advance(60);
    await expect.poll(() => stateOf(id)).toBe("DELIVERED");
    expect(await arrivals("receiver")).toHaveLength(2);
  });

  it("hears what was so at the event, although it is over by now", async () => {
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

/** Does something while the database refuses to write a kind of row. */
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

/** Of the sender's and the receiver's wallet. */
function balances(): Promise<number[]> {
  return Promise.all([sender, receiver].map(async (one) => (await walk.must(one, "GET", "/wallet")).balance));
}

async function stateOf(id: string): Promise<unknown> {
  return (await env.DB.prepare("SELECT state FROM transfer_webhooks WHERE id = ?").bind(id).first())?.state;
}

/** What arrived in a box, newest first. */
async function arrivals(name: string): Promise<{ body: string }[]> {
  return (await journey.control("GET", `inbox?box=${name}`)).body.received;
}

async function today(): Promise<string> {
  return new Date((await journey.control("GET", "clock")).body.nowSeconds * 1000).toISOString().slice(0, 10);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10);
}

const dayMs = 24 * 60 * 60 * 1000;

function untilMidnight(instant: string): number {
  return Math.ceil((dayMs - (Date.parse(instant) % dayMs)) / 1000);
}
