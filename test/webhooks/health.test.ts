import { beforeEach, describe, expect, it } from "vitest";
import { judgeHealth } from "../../src/domain/webhooks/delivery";
import { journey } from "../http/checked";
import {
  arrivals,
  arrived,
  attempted,
  changeEndpoint,
  type Delivery,
  deliveriesOf,
  type Endpoint,
  makeEndpoint,
  newestAttempted,
  sendTest,
  tellBox,
  tellSomething,
  until,
  viewDelivery,
  viewEndpoint,
} from "./owner";

const hourSeconds = 60 * 60;
const events = ["testimony.cancelled"];

beforeEach(() => journey.reset());

/** Makes an endpoint that fails, and one that receives the events about it. */
async function failing(mode = "fail"): Promise<{ endpoint: Endpoint; first: Delivery }> {
  const endpoint = await makeEndpoint("broken", { events });
  await makeEndpoint("watch", { events: ["webhook_endpoint.failing", "webhook_endpoint.disabled"] });
  await tellBox("broken", mode);
  await failOnce(endpoint);
  const [first] = await deliveriesOf(endpoint);
  return { endpoint, first: first as Delivery };
}

/** Publishes an event whose delivery fails. */
async function failOnce(endpoint: { id: string }): Promise<Delivery> {
  const testimonyId = await tellSomething(await journey.registerClient());
  const delivery = (await deliveriesOf(endpoint)).find(({ resource }) => resource === testimonyId);
  return attempted(delivery?.id ?? "", 1);
}

async function watched(): Promise<{ type: string; sequence: number; data: Record<string, unknown> }[]> {
  return (await arrivals("watch")).map(({ body }) => JSON.parse(body));
}

describe("an endpoint that fails for days", () => {
  it("causes an event after two and a half, is switched off after five, and starts afresh when it is switched on", async () => {
    const { endpoint } = await failing();
    const { failingSince } = (await viewEndpoint(endpoint)).health;
    expect(failingSince).not.toBeNull();
    await journey.advance(59 * hourSeconds);
    await failOnce(endpoint);
    expect(await watched()).toEqual([]);

    await journey.advance(2 * hourSeconds);
    await failOnce(endpoint);
    await arrived("watch", 1);
    const { id: endpointId, url } = endpoint;
    const data = { endpointId, url, failingSince };
    expect(await watched()).toMatchObject([{ type: "webhook_endpoint.failing", sequence: 1, data }]);
    expect(await viewEndpoint(endpoint)).toMatchObject({ enabled: true, health: { failingSince } });
    expect((await viewEndpoint(endpoint)).health.warnedAt).not.toBeNull();

    await journey.advance(57 * hourSeconds);
    await failOnce(endpoint);
    expect(await watched()).toHaveLength(1);

    await journey.advance(3 * hourSeconds);
    await until(async () => expect((await viewEndpoint(endpoint)).enabled).toBe(false)); // whichever attempt is the first
    await arrived("watch", 2);
    const told = { type: "webhook_endpoint.disabled", sequence: 2, data: { ...data, reason: "failing" } };
    expect((await watched())[1]).toMatchObject(told);
    expect((await viewEndpoint(endpoint)).health.disabledReason).toBe("failing");

    // Later events are not delivered to it, and waiting deliveries have ended.
    const before = (await deliveriesOf(endpoint)).length;
    await tellSomething(await journey.registerClient());
    expect(await deliveriesOf(endpoint)).toHaveLength(before);
    await journey.advance(48 * hourSeconds);
    await until(async () => expect(await deliveriesOf(endpoint, "&state=pending")).toEqual([]));

    await tellBox("broken", "ok");
    const on = await changeEndpoint(endpoint, { enabled: true });
    expect(on.health).toMatchObject({ failingSince: null, warnedAt: null, disabledReason: null });
    await tellSomething(await journey.registerClient());
    expect((await newestAttempted(endpoint)).state).toBe("delivered");
  });

  it("that succeeds once in between is well", async () => {
    const { endpoint } = await failing();
    await journey.advance(61 * hourSeconds);
    await failOnce(endpoint);
    await arrived("watch", 1);
    await tellBox("broken", "ok");
    await tellSomething(await journey.registerClient());
    await until(async () => expect((await viewEndpoint(endpoint)).health.failingSince).toBeNull());
    expect((await viewEndpoint(endpoint)).health.warnedAt).toBeNull();
  });
});

describe("the judgement", () => {
  const hourMs = hourSeconds * 1000;
  const failure = { kind: "timeout" } as const;
  const judge = (failingHours: number, warnedHoursAgo: number | null) =>
    judgeHealth(
      { failingSinceMs: 0, warnedAtMs: warnedHoursAgo === null ? null : (failingHours - warnedHoursAgo) * hourMs },
      failure,
      failingHours * hourMs,
    );

  it("is made at each mark, and never without notice", () => {
    expect(judge(59.99, null)).toBe("failing");
    expect(judge(60, null)).toBe("warn");
    expect(judge(61, 1)).toBe("failing");
    expect(judge(119.99, 59)).toBe("failing");
    expect(judge(120, 60)).toBe("disable");
    expect(judge(500, null)).toBe("warn"); // quiet for weeks, then its second failure
    expect(judge(501, 1)).toBe("failing");
    expect(judge(524, 24)).toBe("disable");
    expect(judgeHealth({ failingSinceMs: 0, warnedAtMs: 0 }, { kind: "delivered", status: 204 }, 9e9)).toBe("well");
    expect(judgeHealth({ failingSinceMs: null, warnedAtMs: null }, { kind: "gone", status: 410 }, 0)).toBe("disable");
  });
});

describe("410", () => {
  it("switches the endpoint off at once, and tells the owner's others", async () => {
    const { endpoint } = await failing("gone");
    await until(async () => expect((await viewEndpoint(endpoint)).enabled).toBe(false));
    await arrived("watch", 1);
    expect(await watched()).toMatchObject([{ type: "webhook_endpoint.disabled", data: { reason: "gone" } }]);
    const [delivery] = await deliveriesOf(endpoint);
    expect(delivery).toMatchObject({ state: "failed", attempts: 1, nextAttemptAt: null });
  });

  it("of ten deliveries at once causes one event", async () => {
    const endpoint = await makeEndpoint("broken", { events });
    await makeEndpoint("watch", { events: ["webhook_endpoint.disabled"] });
    await tellBox("broken", "gone");
    const client = await journey.registerClient();
    await Promise.all(Array.from({ length: 10 }, () => tellSomething(client)));
    await until(async () => expect((await viewEndpoint(endpoint)).enabled).toBe(false));
    await journey.advance(60);
    await until(async () => expect(await deliveriesOf(endpoint, "&state=pending")).toEqual([]));
    expect(await watched()).toHaveLength(1);
  });
});

describe("a test event", () => {
  it("goes to an endpoint that is switched off or listens to nothing of the kind, once, outside its health", async () => {
    const endpoint = await makeEndpoint("broken", { events, enabled: false });
    expect((await sendTest(endpoint)).state).toBe("delivered");
    await tellBox("broken", "gone");
    const failed = await sendTest(endpoint);
    expect(failed).toMatchObject({ state: "failed", attempts: 1, nextAttemptAt: null });
    await changeEndpoint(endpoint, { enabled: true });
    await sendTest(endpoint);
    await tellBox("broken", "fail");
    const { id } = await sendTest(endpoint);
    expect(await viewEndpoint(endpoint)).toMatchObject({ enabled: true, health: { failingSince: null } });
    await journey.advance(60);
    expect(await viewDelivery(id)).toMatchObject({ state: "failed", attempts: 1 });
  });
});
