import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { journey } from "../checked";
import { walk } from "./world";

let alice: Tenant;
let bob: Tenant;
let stranger: Tenant;

beforeAll(async () => {
  [alice, bob, stranger] = [await walk.tenant(), await walk.tenant(), await walk.tenant()];
});

const boxUrl = "http://localhost:8787/sandbox/inbox/resolved";
const walletOf = async (tenant: Tenant) => (await walk.ask(tenant, "GET", "/wallet")).body.data;

describe("accepting", () => {
  it("completes the transaction and moves the money", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    const transfer = await walk.initiated(sender, receiver, { amount: 1500.25, narration: "Fees" });
    expect((await walletOf(sender)).balance).toBe(0);
    const { status, body } = await walk.accept(receiver, transfer);
    expect([status, body.message]).toEqual([200, "Transaction accepted and completed"]);
    expect(body.data).toEqual({
      ...transfer,
      status: "COMPLETED",
      acceptedAt: expect.any(String),
      updatedAt: body.data.acceptedAt,
    });
    expect(await walletOf(sender)).toMatchObject({ balance: -1500.25, totalDebited: 1500.25, totalCredited: 0 });
    expect(await walletOf(receiver)).toMatchObject({ balance: 1500.25, totalDebited: 0, totalCredited: 1500.25 });
  });

  it("sends the sender's webhook to the address of the transfer", async () => {
    const callbackUrl = "http://localhost:8787/sandbox/inbox/resolved";
    const { webhooks } = await walk.paid(alice, bob, { callbackUrl });
    expect(webhooks).toEqual([
      expect.objectContaining({
        direction: "SENDER",
        eventType: "TRANSACTION_COMPLETED",
        applicationId: alice.id,
        targetUrl: "http://localhost:8787", // as the receiver sees it
        status: "PENDING",
      }),
    ]);
  });

  it("is done once, unless it is asked for under the same key", async () => {
    const transfer = await walk.initiated(alice, bob);
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await walk.accept(bob, transfer, key);
    const replayed = await walk.accept(bob, transfer, key);
    expect([replayed.status, replayed.body.data]).toEqual([200, first.body.data]);
    expect(replayed.headers.get("Idempotent-Replayed")).toBe("true");
    for (const answer of [await walk.accept(bob, transfer), await walk.reject(bob, transfer)]) {
      expect([answer.status, answer.body.errorCode]).toEqual([422, "INVALID_TRANSACTION_STATE"]);
      expect(answer.body.message).toBe("The transaction is COMPLETED already");
    }
  });

  it("has one winner of many", async () => {
    const transfer = await walk.initiated(alice, bob);
    const before = (await walletOf(bob)).balance;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        turn % 2 === 0 ? walk.accept(bob, transfer) : walk.reject(bob, transfer),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter(({ status }) => status !== 200)) {
      expect([status, body.errorCode]).toEqual([422, "INVALID_TRANSACTION_STATE"]);
    }
    const [{ body }] = answers.filter(({ status }) => status === 200) as [(typeof answers)[0]];
    expect((await walletOf(bob)).balance - before).toBe(body.data.status === "COMPLETED" ? 1500 : 0);
  });
});

describe("rejecting", () => {
  it("moves nothing, and says why", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    const callbackUrl = "http://localhost:8787/sandbox/inbox/resolved";
    const transfer = await walk.initiated(sender, receiver, { callbackUrl });
    const { status, body } = await walk.reject(receiver, transfer, "Unknown invoice");
    expect([status, body.message]).toEqual([200, "Transaction rejected"]);
    expect(body.data).toMatchObject({
      status: "REJECTED",
      rejectionReason: "Unknown invoice",
      rejectedAt: expect.any(String),
    });
    expect(body.data).not.toHaveProperty("acceptedAt");
    expect(body.data.webhooks).toEqual([expect.objectContaining({ eventType: "TRANSACTION_REJECTED" })]);
    expect(await walletOf(sender)).toMatchObject({ balance: 0, totalDebited: 0 });
    expect((await walk.must(sender, "GET", "/wallet/ledger")).totalElements).toBe(0);
    const again = await walk.accept(receiver, transfer);
    expect([again.status, again.body.message]).toEqual([422, "The transaction is REJECTED already"]);
  });

  it("needs no body, and no reason", async () => {
    for (const body of [undefined, {}]) {
      const transfer = await walk.initiated(alice, bob);
      const answer = await walk.ask(bob, "POST", `/transactions/${transfer.reference}/reject`, body);
      expect(answer.status).toBe(200);
      expect(answer.body.data).not.toHaveProperty("rejectionReason");
    }
  });

  it("takes a reason of 500 characters at most", async () => {
    const transfer = await walk.initiated(alice, bob);
    for (const [reason, error] of [
      [null, "reason must not be null"],
      ["", "reason must not be empty"],
      ["\u202a\u200b", "reason must not be empty"],
    ]) {
      const answer = await walk.ask(bob, "POST", `/transactions/${transfer.reference}/reject`, { reason });
      expect([answer.status, answer.body.errors]).toEqual([400, [error]]);
    }
    const answer = await walk.reject(bob, transfer, "x".repeat(501));
    expect([answer.status, answer.body.errorCode, answer.body.errors]).toEqual([
      400,
      "VALIDATION_ERROR",
      ["reason must be at most 500 characters"],
    ]);
    expect((await walk.reject(bob, transfer, "x".repeat(500))).status).toBe(200);
  });
});

describe("taking back", () => {
  it("ends what waits, moves nothing, and says so to both", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant({ webhookUrl: boxUrl })];
    const transfer = await walk.initiated(sender, receiver, { callbackUrl: boxUrl });
    const { status, body } = await walk.cancel(sender, transfer);
    expect([status, body.message]).toEqual([200, "Transaction cancelled"]);
    const { webhooks, ...cancelled } = body.data;
    const { webhooks: _, ...waiting } = transfer;
    const cancelledAt = cancelled.updatedAt;
    expect(cancelled).toEqual({ ...waiting, status: "CANCELLED", cancelledAt, updatedAt: expect.any(String) });
    expect(webhooks.map((one: Record<string, string>) => `${one.direction} ${one.eventType}`)).toEqual([
      "RECEIVER TRANSACTION_INITIATED",
      "RECEIVER TRANSACTION_CANCELLED",
      "SENDER TRANSACTION_CANCELLED",
    ]);
    for (const side of [sender, receiver]) {
      const seen = await walk.must(side, "GET", `/transactions/${transfer.reference}`);
      expect([seen.status, seen.cancelledAt]).toEqual(["CANCELLED", cancelledAt]);
      expect(await walletOf(side)).toMatchObject({ balance: 0, totalDebited: 0 });
    }
    const path = `/transactions/${transfer.reference}/webhooks`;
    expect((await walk.must(receiver, "GET", `${path}/receiver`)).eventType).toBe("TRANSACTION_INITIATED");
    expect(await walk.must(receiver, "GET", path)).toHaveLength(3);
    expect((await walk.must(receiver, "GET", "/transactions/pending")).totalElements).toBe(0);
  });

  it("is done once, unless it is asked for under the same key", async () => {
    const transfer = await walk.initiated(alice, bob);
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await walk.cancel(alice, transfer, key);
    const replayed = await walk.cancel(alice, transfer, key);
    expect([replayed.status, replayed.body.data]).toEqual([200, first.body.data]);
    expect(replayed.headers.get("Idempotent-Replayed")).toBe("true");
    for (const late of [
      await walk.cancel(alice, transfer),
      await walk.accept(bob, transfer),
      await walk.reject(bob, transfer),
    ]) {
      expect([late.status, late.body.errorCode]).toEqual([422, "INVALID_TRANSACTION_STATE"]);
      expect(late.body.message).toBe("The transaction is CANCELLED already");
    }
  });

  it("races the answer, and one of them wins", async () => {
    const transfer = await walk.initiated(alice, bob);
    const before = (await walletOf(bob)).balance;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        turn % 2 === 0 ? walk.accept(bob, transfer) : walk.cancel(alice, transfer),
      ),
    );
    const [won, ...others] = answers.toSorted((one, other) => one.status - other.status);
    expect(won?.status).toBe(200);
    for (const { status, body } of others) {
      expect([status, body.errorCode]).toEqual([422, "INVALID_TRANSACTION_STATE"]);
    }
    expect((await walletOf(bob)).balance - before).toBe(won?.body.data.status === "COMPLETED" ? 1500 : 0);
  });

  it("is the sender's alone, and others learn nothing", async () => {
    const administrator = await walk.tenant();
    await walk.admit(administrator, { admin: true });
    const transfer = await walk.initiated(alice, bob);
    for (const [who, status, errorCode] of [
      [bob, 403, "NOT_SENDER"],
      [administrator, 403, "NOT_SENDER"],
      [stranger, 404, "TRANSACTION_NOT_FOUND"],
    ] as const) {
      const answer = await walk.cancel(who, transfer);
      expect([answer.status, answer.body.errorCode]).toEqual([status, errorCode]);
    }
    expect((await walk.accept(bob, transfer)).status).toBe(200);
  });
});

it.each(["accept", "reject"] as const)("only the receiver may %s, and others learn nothing", async (verb) => {
  const administrator = await walk.tenant();
  await walk.admit(administrator, { admin: true });
  const transfer = await walk.initiated(alice, bob);
  for (const [who, status, errorCode] of [
    [alice, 403, "NOT_RECEIVER"],
    [administrator, 403, "NOT_RECEIVER"],
    [stranger, 404, "TRANSACTION_NOT_FOUND"],
  ] as const) {
    const answer = await walk[verb](who, transfer);
    expect([answer.status, answer.body.errorCode]).toEqual([status, errorCode]);
  }
  const resolved = await walk.accept(bob, transfer);
  expect(resolved.status).toBe(200);
  expect((await walk[verb](alice, transfer)).body.errorCode).toBe("NOT_RECEIVER");
});

it("is too late once the time is over, whether or not the clock's job has run", async () => {
  const transfer = await walk.initiated(alice, bob);
  await env.DB.prepare("UPDATE transfers SET expires_at = 1 WHERE reference = ?").bind(transfer.reference).run();
  const late = [await walk.accept(bob, transfer), await walk.reject(bob, transfer), await walk.cancel(alice, transfer)];
  for (const answer of late) {
    expect([answer.status, answer.body.errorCode]).toEqual([422, "TRANSACTION_EXPIRED"]);
  }
  await journey.advance(60);
  const expired = await walk.accept(bob, transfer);
  expect([expired.status, expired.body.errorCode]).toEqual([422, "INVALID_TRANSACTION_STATE"]);
  expect((await walk.must(alice, "GET", `/transactions/${transfer.reference}`)).status).toBe("EXPIRED");
});

describe("a wallet's limits", () => {
  it("refuse what would go below the debit limit, and the transaction goes on waiting", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    await walk.admit(sender, { debitLimit: 1000 });
    const transfer = await walk.initiated(sender, receiver, { amount: 1000.0001 });
    const refused = await walk.accept(receiver, transfer);
    expect([refused.status, refused.body.errorCode]).toEqual([422, "DEBIT_LIMIT_EXCEEDED"]);
    expect((await walk.must(receiver, "GET", "/transactions/pending")).totalElements).toBe(1);
    await walk.admit(sender, { debitLimit: 1000.0001 });
    expect((await walk.accept(receiver, transfer)).status).toBe(200);
  });

  it("refuse what no number holds", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    await walk.paid(sender, receiver, { amount: 900_719_925_474 });
    const transfer = await walk.initiated(sender, receiver, { amount: 1 });
    const refused = await walk.accept(receiver, transfer);
    expect([refused.status, refused.body.errorCode]).toEqual([422, "WALLET_LIMIT_EXCEEDED"]);
  });
});
