import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { walk } from "./world";

const inbox = (name: string) => `http://localhost:8787/sandbox/inbox/${name}`;
let alice: Tenant;
let bob: Tenant;
let stranger: Tenant;

beforeAll(async () => {
  [alice, bob, stranger] = [await walk.tenant(), await walk.tenant({ webhookUrl: inbox("told") }), await walk.tenant()];
});

/** Puts a record into the state after its schedule, without waiting for it. */
const fail = (reference: string, direction: string) =>
  env.DB.prepare(
    "UPDATE transfer_webhooks SET state = 'FAILED', attempts = 4, last_error = 'refused', due_at = NULL WHERE reference = ? AND direction = ?",
  )
    .bind(reference, direction)
    .run();

/** Waits until the first attempt was made. */
const delivered = (reference: string, side: string) =>
  vi.waitFor(async () => {
    const record = await walk.must(alice, "GET", `/transactions/${reference}/webhooks/${side}`);
    expect(record.status).toBe("DELIVERED");
    return record;
  }, 60_000);

describe("the webhook records of a transaction", () => {
  it("can be read by both parties, together or by side", async () => {
    const { reference } = await walk.initiated(alice, bob, { callbackUrl: inbox("answered") });
    const path = `/transactions/${reference}/webhooks`;
    const before = await walk.ask(alice, "GET", `${path}/sender`);
    expect([before.status, before.body.errorCode]).toEqual([404, "WEBHOOK_NOT_FOUND"]);
    await walk.accept(bob, { reference });
    const [receiver, sender] = [await delivered(reference, "receiver"), await delivered(reference, "sender")];
    expect([receiver.direction, receiver.eventType]).toEqual(["RECEIVER", "TRANSACTION_INITIATED"]);
    expect([sender.direction, sender.eventType]).toEqual(["SENDER", "TRANSACTION_COMPLETED"]);
    expect(receiver).toMatchObject({ attempts: 1, lastAttemptAt: expect.any(String), deliveredAt: expect.any(String) });
    expect(receiver).not.toHaveProperty("lastError");
    expect(await walk.must(alice, "GET", path)).toEqual([receiver, sender]);
    // Each sees the other's address without its path and query.
    expect([receiver.targetUrl, sender.targetUrl]).toEqual(["http://localhost:8787", inbox("answered")]);
    const targets = [inbox("told"), "http://localhost:8787"];
    const seenByBob = [receiver, sender].map((record, at) => ({ ...record, targetUrl: targets[at] }));
    expect(await walk.must(bob, "GET", path)).toEqual(seenByBob);
    expect((await walk.must(bob, "GET", `/transactions/${reference}`)).webhooks).toEqual(seenByBob);
    for (const tail of ["", "/receiver", "/sender"]) {
      const { status, body } = await walk.ask(stranger, "GET", path + tail);
      expect([status, body.errorCode]).toEqual([404, "TRANSACTION_NOT_FOUND"]);
    }
  });

  it("are none where no address was given", async () => {
    const { reference } = await walk.initiated(bob, alice);
    expect(await walk.must(bob, "GET", `/transactions/${reference}/webhooks`)).toEqual([]);
    const { status, body } = await walk.ask(bob, "GET", `/transactions/${reference}/webhooks/receiver`);
    expect([status, body.errorCode]).toEqual([404, "WEBHOOK_NOT_FOUND"]);
  });
});

describe("a webhook that could not be delivered", () => {
  it("is listed for its receiver, and sent again at their request", async () => {
    const { reference } = await walk.initiated(alice, bob);
    await delivered(reference, "receiver");
    await fail(reference, "RECEIVER");
    const page = await walk.must(bob, "GET", "/webhooks/failed");
    expect([page.totalElements, page.sort[0].property]).toEqual([1, "createdAt"]);
    const [record] = page.content;
    expect(record).toMatchObject({
      transactionReference: reference,
      status: "FAILED",
      attempts: 4,
      lastError: "refused",
    });
    for (const who of [alice, stranger]) {
      expect((await walk.must(who, "GET", "/webhooks/failed")).content).toEqual([]);
      const refused = await walk.ask(who, "POST", `/webhooks/${record.id}/retry`);
      expect([refused.status, refused.body.errorCode]).toEqual([404, "WEBHOOK_NOT_FOUND"]);
    }
    const retried = await walk.ask(bob, "POST", `/webhooks/${record.id}/retry`);
    expect([retried.status, retried.body.data.status]).toEqual([200, "PENDING"]);
    expect(await delivered(reference, "receiver")).toMatchObject({ id: record.id, attempts: 5 });
    expect((await walk.must(bob, "GET", "/webhooks/failed")).totalElements).toBe(0);
  });

  it("is only what has failed", async () => {
    const { reference } = await walk.initiated(alice, bob);
    const { id } = await delivered(reference, "receiver");
    const { status, body } = await walk.ask(bob, "POST", `/webhooks/${id}/retry`);
    expect([status, body.errorCode]).toEqual([422, "INVALID_WEBHOOK_STATE"]);
  });
});
