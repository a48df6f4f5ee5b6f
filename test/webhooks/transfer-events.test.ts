import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { callRaw, journey } from "../http/checked";
import { rows } from "../operations/rows";
import { type Tenant, TransfersJourney } from "../transfers-journey";
import { arrivals, arrived, boxUrl, type Endpoint, makeEndpoint } from "./owner";

const walk = new TransfersJourney(journey);
const daySeconds = 24 * 60 * 60;

let sender: Tenant;
let receiver: Tenant;

beforeEach(async () => {
  await journey.reset();
  [sender, receiver] = [await walk.tenant(), await walk.tenant()];
});

/** Makes an endpoint of an application, beside the addresses of the transfers contract. */
async function listen({ token }: Tenant, box: string, events = ["*"]): Promise<Endpoint> {
  const body = { url: boxUrl(box), events };
  return (await journey.must(201, "POST", "/webhook-endpoints", { token, body })).body.data;
}

async function heard(box: string, count: number) {
  const events = (await arrived(box, count)).map(({ body, verdict }) => ({ ...JSON.parse(body), verdict }));
  return events.toSorted((one, other) => one.sequence - other.sequence);
}

const typesIn = async (box: string, count: number) => (await heard(box, count)).map(({ type }) => type);

describe("both parties of a transfer", () => {
  it("receive the same events, each by an endpoint of its own, and nobody else does", async () => {
    for (const [tenant, box] of [
      [sender, "sender"],
      [receiver, "receiver"],
      [await walk.tenant(), "stranger"],
    ] as const) {
      await listen(tenant, box);
    }
    await makeEndpoint("operator");
    const paid = await walk.paid(sender, receiver, { amount: 1500.25, narration: "Between us" });

    const [asked, completed] = await heard("sender", 2);
    expect(completed).toEqual({
      id: expect.any(String),
      type: "transfer.completed",
      timestamp: expect.any(String),
      resource: paid.id,
      sequence: 2,
      data: {
        transferId: paid.id,
        reference: paid.reference,
        status: "COMPLETED",
        senderAppId: sender.id,
        senderTag: sender.tag,
        receiverAppId: receiver.id,
        receiverTag: receiver.tag,
        amount: "1500.25",
        currency: "NGN",
        expiresAt: paid.expiresAt,
      },
      verdict: completed.verdict,
    });
    expect([asked.type, asked.sequence, asked.data.status]).toEqual(["transfer.initiated", 1, "AWAITING_ACCEPTANCE"]);
    expect((await heard("receiver", 2)).map(({ id }) => id)).toEqual([asked.id, completed.id]);
    expect([await arrivals("stranger"), await arrivals("operator")]).toEqual([[], []]);
  });

  it("may be one application, which receives each of them once", async () => {
    await listen(sender, "both");
    await walk.paid(sender, { ...sender, tag: await walk.anotherTag(sender, "savings") });
    expect(await typesIn("both", 2)).toEqual(["transfer.initiated", "transfer.completed"]);
    expect(await rows("select event_id from webhook_deliveries")).toHaveLength(2);
  });

  it("receive the types that they asked for", async () => {
    await listen(receiver, "receiver", ["transfer.rejected", "transfer.cancelled", "transfer.expired"]);
    await walk.paid(sender, receiver);
    expect((await walk.reject(receiver, await walk.initiated(sender, receiver), "A private word")).status).toBe(200);
    expect((await walk.cancel(sender, await walk.initiated(sender, receiver))).status).toBe(200);
    await walk.initiated(sender, receiver);
    await journey.advance(daySeconds + 60);
    const types = ["transfer.cancelled", "transfer.expired", "transfer.rejected"];
    expect((await typesIn("receiver", 3)).toSorted()).toEqual(types);
    expect(JSON.stringify(await arrivals("receiver"))).not.toContain("A private word");
  });
});

describe("an event without an endpoint", () => {
  it("is not stored: it costs no row, and leaves no gap in the sequence", async () => {
    const unheard = await walk.initiated(sender, receiver);
    expect(await rows("select * from outbox")).toEqual([]);
    await listen(receiver, "receiver");
    expect((await walk.accept(receiver, unheard)).status).toBe(200);
    const [completed] = await heard("receiver", 1);
    expect([completed.type, completed.sequence]).toEqual(["transfer.completed", 1]);
    expect((await journey.ledgerCheck()).ok).toBe(true);
  });
});

describe("an event that two owners have received", () => {
  it("is not erased by one of them", async () => {
    const endpoints = [await listen(sender, "sender"), await listen(receiver, "receiver")];
    await walk.initiated(sender, receiver);
    await Promise.all([arrived("sender", 1), arrived("receiver", 1)]);
    for (const [at, { token }] of [sender, receiver].entries()) {
      const path = `/webhook-endpoints/${endpoints[at]?.id}/deliveries`;
      const [{ id }] = (await journey.must(200, "GET", path, { token })).body.data;
      const refused = await journey.call("DELETE", `/api/v1/webhook-deliveries/${id}/payload`, { token });
      expect([refused.status, refused.body.code]).toEqual([409, "event_shared"]);
    }
    expect(await rows("select erased_at from outbox")).toEqual([{ erased_at: null }]);
  });

  it("is each one's own to send again, and nobody's to see through the other's delivery", async () => {
    const [own, foreign] = [await listen(sender, "sender"), await listen(receiver, "receiver")];
    await walk.initiated(sender, receiver);
    await Promise.all([arrived("sender", 1), arrived("receiver", 1)]);
    const { token } = sender;
    const [{ id }] = (await journey.must(200, "GET", `/webhook-endpoints/${own.id}/deliveries`, { token })).body.data;
    await journey.must(202, "POST", `/webhook-deliveries/${id}/resend`, { token });
    expect((await heard("sender", 2)).map(({ type }) => type)).toEqual(["transfer.initiated", "transfer.initiated"]);
    expect(await arrivals("receiver")).toHaveLength(1);
    const other = await callRaw("GET", `/api/v1/webhook-endpoints/${foreign.id}/deliveries`, { token });
    expect(other.status).toBe(404);
  });
});

describe("a settled day", () => {
  it("causes an event for the operator and each application with a position in it", async () => {
    await listen(sender, "sender", ["settlement.closed"]);
    await listen(await walk.tenant(), "stranger", ["settlement.closed"]);
    await makeEndpoint("operator");
    await walk.paid(sender, receiver);
    await walk.paid(sender, receiver, { currency: "EUR" });
    const day = new Date((await journey.control("GET", "clock")).body.nowSeconds * 1000).toISOString().slice(0, 10);
    await journey.advance(2 * daySeconds); // a day is settled at the end of the next
    const closed = await heard("sender", 2);
    expect(closed.map(({ data }) => [data.settlementDate, data.currency]).toSorted()).toEqual([
      [day, "EUR"],
      [day, "NGN"],
    ]);
    for (const { resource, data } of closed) {
      sender.token = await walk.token(sender);
      expect(data.settlementId).toBe(resource);
      expect((await walk.must(sender, "GET", `/settlement/${resource}`)).settlementDate).toBe(day);
    }
    expect((await heard("operator", 2)).map(({ id }) => id).toSorted()).toEqual(closed.map(({ id }) => id).toSorted());
    expect(await arrivals("stranger")).toEqual([]);
  });

  it("causes an event when its books are right, and not before", async () => {
    await makeEndpoint("operator");
    await walk.paid(sender, receiver);
    const [guard] = await rows<{ sql: string }>(
      "select sql from sqlite_master where name = 'wallet_entries_no_delete'",
    );
    await env.DB.prepare("drop trigger wallet_entries_no_delete").run();
    const credit = await rows<Record<string, string | number>>("select * from wallet_entries where type = 'CREDIT'");
    await rows("delete from wallet_entries where type = 'CREDIT'");
    await journey.advance(2 * daySeconds); // a day is settled at the end of the next
    expect(await rows("select status from settlement_batches")).toEqual([{ status: "FAILED" }]);
    expect(await rows("select * from outbox where type like 'settlement.%'")).toEqual([]);

    // Repairs it as a person would by hand.
    const [day] = await rows<{ sql: string }>("select sql from sqlite_master where name = 'wallet_entries_open_day'");
    await env.DB.prepare("drop trigger wallet_entries_open_day").run();
    for (const row of credit) {
      const names = Object.keys(row);
      const places = names.map(() => "?").join(", ");
      await env.DB.prepare(`insert into wallet_entries (${names}) values (${places})`)
        .bind(...Object.values(row))
        .run();
    }
    for (const { sql } of [guard, day] as { sql: string }[]) await env.DB.prepare(sql).run();
    const { day: settled } = (await rows<{ day: string }>("select day from settlement_batches"))[0] ?? { day: "" };
    await walk.admit(sender, { admin: true });
    sender.token = await walk.token(sender);
    await walk.must(sender, "POST", `/settlement/trigger?date=${settled}`);
    expect(await typesIn("operator", 2)).toEqual(["attention.opened", "settlement.closed"]);
  });
});
