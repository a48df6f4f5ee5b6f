import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { rows } from "../../operations/rows";
import { TransfersJourney } from "../../transfers-journey";
import {
  attempted,
  boxUrl,
  changeEndpoint,
  deliveriesOf,
  makeEndpoint,
  newestAttempted,
  tellBox,
  tellSomething,
  token,
  until,
  viewDelivery,
} from "../../webhooks/owner";
import { journey } from "../checked";
import { byOperatorIn, expectNotForReaders, outcomeOf, tried, write } from "./write";

const note = "The receiver has mended its server.";
const since = "2020-01-01T00:00:00Z";

beforeEach(() => journey.reset());

/** Makes an endpoint with so many deliveries that have failed. */
async function failing(count = 1, events = ["testimony.cancelled"]) {
  const endpoint = await makeEndpoint("main", { events });
  await tellBox("main", "fail");
  const client = await journey.registerClient();
  for (let told = 0; told < count; told += 1) await tellSomething(client);
  await newestAttempted(endpoint);
  await changeEndpoint(endpoint, { enabled: false });
  await journey.advance(60);
  const failed = await until(async () => {
    const found = await deliveriesOf(endpoint);
    expect(found.map(({ state }) => state)).toEqual(Array(count).fill("failed"));
    return found;
  });
  return { endpoint, failed };
}

describe("a delivery of any owner", () => {
  it("is sent again once, whoever asks twice, and the endpoint's journal says by whom and why", async () => {
    const { endpoint, failed } = await failing();
    const [{ id = "" } = {}] = failed;
    const path = `/webhook-deliveries/${id}/resend`;
    await expectNotForReaders(path, { note });
    expect(outcomeOf(await write(path, {}))).toEqual([422, "input_invalid"]);
    await tellBox("main", "ok");
    const key = crypto.randomUUID();
    expect((await write(path, { note }, { key })).status).toBe(202);
    expect(await attempted(id, 2)).toMatchObject({ state: "delivered", attempts: 2 });
    const again = await write(path, { note }, { key });
    expect([again.status, again.headers.get("Idempotent-Replayed")]).toEqual([202, "true"]);
    expect(await byOperatorIn(endpoint.id, "resend-webhook-delivery")).toMatchObject([{ operator: "sandbox", note }]);
    await journey.advance(60);
    expect((await viewDelivery(id)).attempts).toBe(2);
  });

  it("is refused to a second operator while it is on its way", async () => {
    const { endpoint, failed } = await failing();
    const [{ id = "", eventId = "" } = {}] = failed;
    // The attempt is not made yet.
    await env.DB.prepare("update webhook_deliveries set replay = 1, due_at = 9e15 where event_id = ?")
      .bind(eventId)
      .run();
    expect(outcomeOf(await write(`/webhook-deliveries/${id}/resend`, { note }))).toEqual([409, "state_wrong"]);
    expect(await byOperatorIn(endpoint.id, "resend-webhook-delivery")).toEqual([]);
  });

  it("is none that is not known, and none whose event was erased", async () => {
    const unknown = `/webhook-deliveries/${crypto.randomUUID()}/resend`;
    expect(outcomeOf(await write(unknown, { note }))).toEqual([404, "delivery_unknown"]);
    const { failed } = await failing();
    const [{ id = "" } = {}] = failed;
    await journey.must(204, "DELETE", `/webhook-deliveries/${id}/payload`, { token });
    expect(outcomeOf(await write(`/webhook-deliveries/${id}/resend`, { note }))).toEqual([409, "event_erased"]);
  });
});

describe("what failed at an endpoint of any owner", () => {
  it("is counted by a dry run, which does nothing, and then sent again, once", async () => {
    const { endpoint, failed } = await failing(3);
    const path = `/webhook-endpoints/${endpoint.id}/recover`;
    await expectNotForReaders(path, { since, note });
    expect((await tried(path, { since, note })).body).toEqual({ data: { count: 3 } });
    await tellBox("main", "ok");
    const key = crypto.randomUUID();
    const body = { since, note };
    const answer = await write(path, body, { key });
    expect([answer.status, answer.body.data]).toEqual([202, { recovered: 3, hasMore: false, since: null }]);
    expect((await write(path, body, { key })).body).toEqual(answer.body);
    for (const { id } of failed) expect(await attempted(id, 2)).toMatchObject({ state: "delivered", attempts: 2 });
    expect((await write(path, body)).body.data.recovered).toBe(0);
    expect(await byOperatorIn(endpoint.id, "recover-webhook-deliveries")).toMatchObject([
      { operator: "sandbox", note, recovered: 3 },
    ]);
  });

  it("is chosen by its time and its type, the same for a count and for its owner", async () => {
    const { endpoint, failed } = await failing(2, ["testimony.cancelled", "testimony.completed"]);
    const path = `/webhook-endpoints/${endpoint.id}/recover`;
    const [newest, oldest] = failed as [(typeof failed)[number], (typeof failed)[number]];
    const count = async (chosen: object) => (await tried(path, { note, since, ...chosen })).body.data.count;
    const of = (column: string, id: string) =>
      env.DB.prepare(`update webhook_deliveries set ${column} where event_id = ?`).bind(id).run();
    await of("type = 'testimony.completed'", oldest.eventId);
    expect(await count({})).toBe(2);
    expect(await count({ type: "testimony.completed" })).toBe(1);
    expect(await count({ type: "offer.created" })).toBe(0);
    const time = (id: string) => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString();
    expect(await count({ until: time(newest.eventId) })).toBe(1);
    expect(await count({ until: time(oldest.eventId) })).toBe(0);
    expect(await count({ since: time(newest.eventId) })).toBe(1);
    const own = async (query: string, status: number) =>
      (
        await journey.must(status, "POST", `/webhook-endpoints/${endpoint.id}/recover${query}`, {
          token,
          body: { since, type: "testimony.completed" },
        })
      ).body.data;
    expect(await own("?dry_run=true", 200)).toEqual({ count: 1 });
    expect(await own("", 202)).toEqual({ recovered: 1, hasMore: false, since: null });
    const states = await rows<{ type: string; replay: number }>("select type, replay from webhook_deliveries");
    expect(states.find(({ type }) => type === "testimony.cancelled")?.replay).toBe(0);
  });

  it("is none of an endpoint that is not known", async () => {
    const path = `/webhook-endpoints/${crypto.randomUUID()}/recover`;
    expect(outcomeOf(await write(path, { since, note }))).toEqual([404, "endpoint_unknown"]);
    expect(outcomeOf(await tried(path, { since, note }))).toEqual([404, "endpoint_unknown"]);
  });
});

describe("a message about a transfer", () => {
  it("is told an application once more, once, and the transfer's journal says by whom and why", async () => {
    const transfers = new TransfersJourney(journey);
    const [sender, receiver] = [await transfers.tenant(), await transfers.tenant({ webhookUrl: boxUrl("told") })];
    await tellBox("told", "gone");
    const { reference, id: transferId } = await transfers.initiated(sender, receiver);
    const record = await vi.waitFor(async () => {
      const { data } = (await journey.operator("GET", "/transfer-webhooks")).body;
      expect(data).toHaveLength(1);
      return data[0];
    }, 60_000);
    const path = `/transfer-webhooks/${record.id}/retry`;
    await expectNotForReaders(path, { note });
    await tellBox("told", "ok");
    const key = crypto.randomUUID();
    expect((await write(path, { note }, { key })).status).toBe(202);
    expect((await write(path, { note }, { key })).headers.get("Idempotent-Replayed")).toBe("true");
    await vi.waitFor(async () => {
      const [seen] = await transfers.must(receiver, "GET", `/transactions/${reference}/webhooks`);
      expect([seen.status, seen.attempts]).toEqual(["DELIVERED", 2]);
    }, 60_000);
    expect(outcomeOf(await write(path, { note }))).toEqual([409, "webhook_not_failed"]);
    expect(await byOperatorIn(transferId, "retry-transfer-webhook")).toMatchObject([{ operator: "sandbox", note }]);
    // The change beside the transfer's own does not keep it from going on.
    await transfers.accept(receiver, { reference });
    const unknown = `/transfer-webhooks/${crypto.randomUUID()}/retry`;
    expect(outcomeOf(await write(unknown, { note }))).toEqual([404, "id_unknown"]);
  });
});
