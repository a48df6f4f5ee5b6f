import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import {
  arrivals,
  arrived,
  attempted,
  changeEndpoint,
  type Delivery,
  deliveriesOf,
  makeEndpoint,
  newestAttempted,
  resend,
  tellBox,
  tellSomething,
  token,
  until,
  viewDelivery,
  viewEndpoint,
} from "./owner";

const events = ["testimony.cancelled"];

beforeEach(() => journey.reset());

async function recover({ id }: { id: string }, since: string): Promise<{ recovered: number; hasMore: boolean }> {
  return (await journey.must(202, "POST", `/webhook-endpoints/${id}/recover`, { token, body: { since } })).body.data;
}

/** Makes an endpoint that was disabled with one waiting delivery. */
async function switchedOff() {
  const endpoint = await makeEndpoint("main", { events });
  await tellBox("main", "fail");
  await tellSomething(await journey.registerClient());
  const { id } = await newestAttempted(endpoint);
  await changeEndpoint(endpoint, { enabled: false });
  await journey.advance(60);
  const delivery = await until(async () => {
    const found = await viewDelivery(id);
    expect(found.state).toBe("failed");
    return found;
  });
  await tellBox("main", "ok");
  return { endpoint, delivery };
}

describe("resending one", () => {
  it("keeps the message id and body, signs with the present secret, works on a disabled endpoint, leaves its health", async () => {
    const { endpoint, delivery } = await switchedOff();
    const { health } = await viewEndpoint(endpoint);
    const path = `/webhook-endpoints/${endpoint.id}/rotate-secret`;
    const { secret } = (await journey.must(200, "POST", path, { token, body: { overlapHours: 0 } })).body.data;
    await resend(delivery);
    expect(await attempted(delivery.id, 2)).toMatchObject({ state: "delivered", attempts: 2, nextAttemptAt: null });
    const [first, second] = await arrived("main", 2);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(() => new Webhook(secret).verify(second?.body ?? "", second?.headers ?? {})).not.toThrow();
    expect(() => new Webhook(endpoint.secret).verify(second?.body ?? "", second?.headers ?? {})).toThrow();
    expect(await viewEndpoint(endpoint)).toMatchObject({ enabled: false, health });
  });

  it("that fails leaves the delivery and the endpoint's health as they were", async () => {
    const { endpoint, delivery } = await switchedOff();
    await tellBox("main", "gone");
    const { health } = await viewEndpoint(endpoint);
    await resend(delivery);
    expect(await attempted(delivery.id, 2)).toMatchObject({ state: "failed", nextAttemptAt: null });
    expect((await viewEndpoint(endpoint)).health).toEqual(health);
  });

  it("what was delivered already stays delivered, even if it fails now", async () => {
    const endpoint = await makeEndpoint("main", { events });
    await tellSomething(await journey.registerClient());
    const { id } = await newestAttempted(endpoint);
    await tellBox("main", "fail");
    await resend({ id });
    expect(await attempted(id, 2)).toMatchObject({ state: "delivered", nextAttemptAt: null });
    expect((await viewEndpoint(endpoint)).health.failingSince).toBeNull();
    expect((await recover(endpoint, "2020-01-01T00:00:00Z")).recovered).toBe(0);
  });

  it("what still waits goes on with its schedule when the replay fails", async () => {
    const endpoint = await makeEndpoint("main", { events });
    await tellBox("main", "fail");
    await tellSomething(await journey.registerClient());
    const { id } = await newestAttempted(endpoint);
    await resend({ id });
    const waiting = await attempted(id, 2);
    expect(waiting.state).toBe("pending");
    expect(waiting.nextAttemptAt).not.toBeNull();
    await tellBox("main", "ok");
    await journey.advance(7 * 60);
    expect(await attempted(id, 3)).toMatchObject({ state: "delivered", attempts: 3 });
  });
});

describe("recovering", () => {
  it("sends everything again that failed since a moment, and nothing else", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const client = await journey.registerClient();
    await tellBox("main", "gone");
    const early = await tellSomething(client);
    await until(async () => expect((await viewEndpoint(endpoint)).enabled).toBe(false));
    await journey.advance(60 * 60);
    const since = new Date((await journey.control("GET", "clock")).body.nowSeconds * 1000).toISOString();
    await journey.advance(1);
    await changeEndpoint(endpoint, { enabled: true });
    const late: string[] = [];
    for (let round = 0; round < 5; round += 1) late.push(await tellSomething(client));
    await until(async () => expect(await deliveriesOf(endpoint, "&state=pending")).toEqual([]));
    await journey.advance(60);
    await until(async () => expect(await deliveriesOf(endpoint, "&state=pending")).toEqual([]));
    const toldLate = (await deliveriesOf(endpoint)).filter(({ resource }) => late.includes(resource));

    await tellBox("main", "ok");
    const before = (await arrivals("main")).length;
    expect(await recover(endpoint, since)).toEqual({ recovered: toldLate.length, hasMore: false, since: null });
    await arrived("main", before + toldLate.length);
    await until(async () => expect(await deliveriesOf(endpoint, "&state=failed")).toHaveLength(1));
    const again = (await arrivals("main")).slice(before).map(({ body }) => JSON.parse(body).resource);
    expect(again.toSorted()).toEqual(toldLate.map(({ resource }) => resource).toSorted());
    expect((await deliveriesOf(endpoint, "&state=failed"))[0]?.resource).toBe(early);
    expect(await recover(endpoint, "2020-01-01T00:00:00Z")).toEqual({ recovered: 1, hasMore: false, since: null });
    await until(async () => expect(await deliveriesOf(endpoint, "&state=failed")).toEqual([]));
  });
});

describe("erasing", () => {
  it("leaves nothing to recover: what was erased is not counted as sent again", async () => {
    const { endpoint, delivery } = await switchedOff();
    await changeEndpoint(endpoint, { enabled: true });
    await journey.must(204, "DELETE", `/webhook-deliveries/${delivery.id}/payload`, { token });
    expect(await recover(endpoint, "2020-01-01T00:00:00Z")).toEqual({ recovered: 0, hasMore: false, since: null });
    expect(await viewDelivery(delivery.id)).toMatchObject({ state: "failed", attempts: 1 });
  });

  it("empties what an event said, everywhere and for good; its log stays", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const other = await makeEndpoint("other", { events });
    await tellBox("main", "fail");
    await tellSomething(await journey.registerClient());
    const delivery = await newestAttempted(endpoint);
    const copy = await newestAttempted(other);
    expect(delivery.payload).toMatchObject({ reason: "sold" });
    await journey.must(204, "DELETE", `/webhook-deliveries/${delivery.id}/payload`, { token });
    for (const { id } of [delivery, copy] as Delivery[]) {
      const seen = await viewDelivery(id);
      expect(seen.payload).toBeNull();
      expect(seen.log).toHaveLength(1);
      const refused = await journey.must(409, "POST", `/webhook-deliveries/${id}/resend`, { token });
      expect(refused.body.code).toBe("event_erased");
    }
    const [row] = await rows<{ data: string }>("select data from outbox where id = ?", delivery.eventId);
    expect(row?.data).toBe("{}");
    await journey.advance(60);
    await until(async () => expect((await viewDelivery(delivery.id)).state).toBe("failed"));
    expect(await arrivals("main")).toHaveLength(1);
    expect((await viewDelivery(copy.id)).state).toBe("delivered");
  });
});

describe("retention", () => {
  it("forgets a delivery and its attempts thirty days after its end, and nothing before", async () => {
    const endpoint = await makeEndpoint("main", { events });
    await tellSomething(await journey.registerClient());
    await newestAttempted(endpoint);
    await journey.advance(29 * 24 * 60 * 60);
    expect(await deliveriesOf(endpoint)).toHaveLength(1);
    await journey.advance(25 * 60 * 60);
    await until(async () => expect(await deliveriesOf(endpoint)).toEqual([]));
    expect(await rows("select 1 from webhook_attempts")).toEqual([]);
    expect(await arrivals("main")).toHaveLength(1);
  });

  it("pages through many, newest first", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const client = await journey.registerClient();
    for (let round = 0; round < 5; round += 1) await tellSomething(client);
    const seen: string[] = [];
    for (let after = "", more = true; more; ) {
      const query = after === "" ? "limit=2" : `limit=2&starting_after=${after}`;
      const { body } = await journey.must(200, "GET", `/webhook-endpoints/${endpoint.id}/deliveries?${query}`, {
        token,
      });
      seen.push(...body.data.map(({ eventId }: Delivery) => eventId));
      after = seen.at(-1) ?? "";
      more = body.has_more;
    }
    const stored = await rows<{ event_id: string }>("select event_id from webhook_deliveries order by event_id desc");
    expect(seen).toEqual(stored.map((row) => row.event_id));
  });
});
