import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeliveryDeps } from "../../src/container";
import { deliver } from "../../src/webhooks/deliver";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import { beginAttempt, waitingEvent } from "./held";
import {
  arrivals,
  arrived,
  attempted,
  boxUrl,
  changeEndpoint,
  deliveriesOf,
  makeEndpoint,
  newestAttempted,
  nowMs,
  resend,
  tellBox,
  tellSomething,
  token,
  until,
  viewDelivery,
  viewEndpoint,
} from "./owner";

const events = ["testimony.cancelled"];
const hourMs = 60 * 60 * 1000;

beforeEach(() => journey.reset());

/** Makes an endpoint that received an event; later attempts are held. */
async function told() {
  const endpoint = await makeEndpoint("main", { events });
  await tellSomething(await journey.registerClient());
  const { id } = await newestAttempted(endpoint);
  await tellBox("main", "hold");
  return { endpoint, id };
}

/** Waits as long as a queue message takes to the object that makes the attempts, while one of them is held. */
function handedOver(): Promise<void> {
  return new Promise((done) => setTimeout(done, 300));
}

async function recover({ id }: { id: string }): Promise<{ recovered: number }> {
  const body = { since: "2020-01-01T00:00:00Z" };
  return (await journey.must(202, "POST", `/webhook-endpoints/${id}/recover`, { token, body })).body.data;
}

function erase(id: string) {
  return journey.must(204, "DELETE", `/webhook-deliveries/${id}/payload`, { token });
}

/** Reads the stored health of an endpoint. */
async function healthOf(endpoint: { id: string }) {
  const { enabled, health } = await viewEndpoint(endpoint);
  return { enabled, failingSince: health.failingSince, warnedAt: health.warnedAt, reason: health.disabledReason };
}

describe("what is asked for while an attempt hangs", () => {
  it.each(["ok", "fail"])("is done after it: a resend of what is being resent, which ends in %s", async (mode) => {
    const { id } = await told();
    await resend({ id });
    await arrived("main", 2);
    await resend({ id });
    await handedOver();
    await tellBox("main", mode);
    await arrived("main", 3);
    const delivery = await attempted(id, 3);
    expect(delivery).toMatchObject({ state: "delivered", attempts: 3, nextAttemptAt: null });
    expect(delivery.log.map(({ outcome }) => outcome === "delivered")).toEqual([true, mode === "ok", mode === "ok"]);
  });

  it("is done after it: a resend of what is sent for the first time", async () => {
    const endpoint = await makeEndpoint("main", { events });
    await tellBox("main", "hold");
    await tellSomething(await journey.registerClient());
    await arrived("main", 1);
    const [waiting] = await deliveriesOf(endpoint);
    await resend({ id: waiting?.id ?? "" });
    await handedOver();
    await tellBox("main", "ok");
    await arrived("main", 2);
    expect(await attempted(waiting?.id ?? "", 2)).toMatchObject({ state: "delivered", attempts: 2 });
  });

  it("is done after it: recovering what is being sent again", async () => {
    const endpoint = await makeEndpoint("main", { events });
    await tellBox("main", "gone");
    await tellSomething(await journey.registerClient());
    const { id } = await newestAttempted(endpoint);
    await tellBox("main", "hold");
    await resend({ id });
    await arrived("main", 2);
    expect((await recover(endpoint)).recovered).toBe(0); // it was waiting already
    await handedOver();
    await tellBox("main", "fail");
    await arrived("main", 3);
    expect(await attempted(id, 3)).toMatchObject({ state: "failed", attempts: 3 });
    expect((await recover(endpoint)).recovered).toBe(1);
    await attempted(id, 4);
  });

  it("is not sent twice when it comes twice before it can be done", async () => {
    const { id } = await told();
    await resend({ id });
    await arrived("main", 2);
    for (let round = 0; round < 5; round += 1) await resend({ id });
    await handedOver();
    await tellBox("main", "ok");
    await attempted(id, 3);
    await new Promise((done) => setTimeout(done, 300));
    expect(await arrivals("main")).toHaveLength(3);
  });
});

describe("an attempt that ends after the row has changed", () => {
  it("is logged with what stands, and is followed by what was asked for", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const job = await waitingEvent(endpoint);
    const held = await beginAttempt(job);
    const askedMs = await nowMs();
    await env.DB.prepare("update webhook_deliveries set replay = 1, due_at = ?, version = version + 1")
      .bind(askedMs)
      .run();
    await held.end(500);
    expect(await viewDelivery(job.id)).toMatchObject({
      state: "pending",
      attempts: 1,
      nextAttemptAt: new Date(askedMs).toISOString(),
      log: [{ number: 1, outcome: "refused", status: 500, nextAttemptAt: new Date(askedMs).toISOString() }],
    });
  });

  it("does not undo what a later one brought", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const job = await waitingEvent(endpoint);
    const late = await beginAttempt(job);
    const early = await beginAttempt(job); // as after an eviction
    await early.end(204);
    await late.end(500);
    const delivery = await viewDelivery(job.id);
    expect(delivery).toMatchObject({ state: "delivered", attempts: 2, nextAttemptAt: null });
    expect(delivery.log.map(({ number, status }) => [number, status])).toEqual([
      [1, 204],
      [2, 500],
    ]);
  });

  it("leaves erased what was erased, and nothing is sent again", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const job = await waitingEvent(endpoint);
    const held = await beginAttempt(job);
    await erase(job.id);
    await held.end(500);
    expect(await viewDelivery(job.id)).toMatchObject({ state: "pending", attempts: 1, payload: null });
    expect(await rows("select data from outbox where id = ?", job.eventId)).toEqual([{ data: "{}" }]);
    await journey.advance(60);
    await until(async () => expect(await viewDelivery(job.id)).toMatchObject({ state: "failed", payload: null }));
    expect(await arrivals("main")).toEqual([]);
  });

  it("is the last of an endpoint that its owner switched off, and the owner's reason stands", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const job = await waitingEvent(endpoint);
    const held = await beginAttempt(job);
    await changeEndpoint(endpoint, { enabled: false });
    await held.end(410);
    expect(await healthOf(endpoint)).toMatchObject({ enabled: false, reason: "owner" });
    expect(await viewDelivery(job.id)).toMatchObject({ state: "failed", attempts: 1 });
    const again = await waitingEvent(endpoint);
    await env.DB.prepare("update webhook_deliveries set due_at = 0 where event_id = ?").bind(again.eventId).run();
    await deliver(await buildDeliveryDeps(env, "test"), again);
    expect(await viewDelivery(again.id)).toMatchObject({ state: "failed", attempts: 0 });
  });

  it("of an endpoint that was removed leaves nothing behind", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const job = await waitingEvent(endpoint);
    const held = await beginAttempt(job);
    await journey.must(204, "DELETE", `/webhook-endpoints/${endpoint.id}`, { token });
    await held.end(410);
    await deliver(await buildDeliveryDeps(env, "test"), job);
    for (const table of ["webhook_endpoints", "secrets", "webhook_deliveries", "webhook_attempts"]) {
      expect(await rows(`select * from ${table}`), table).toEqual([]);
    }
  });
});

describe("a replay that comes when a row is about to be put away", () => {
  it.each([
    ["ended", "update webhook_endpoints set enabled = 0"],
    ["forgotten", "update webhook_deliveries set state = 'delivered', due_at = 0"],
  ])("stands where it would have been %s", async (_, beforehand) => {
    const endpoint = await makeEndpoint("main", { events });
    const job = await waitingEvent(endpoint);
    await env.DB.prepare(beforehand).run();
    const deps = await buildDeliveryDeps(env, "test");
    let isRead = false;
    const batch: typeof deps.db.batch = async (statements) => {
      if (isRead) await env.DB.prepare("update webhook_deliveries set replay = 1, version = version + 1").run();
      isRead = true;
      return deps.db.batch(statements);
    };
    await deliver({ ...deps, db: Object.assign(Object.create(deps.db), { batch }) }, job);
    expect(await rows("select replay from webhook_deliveries")).toEqual([{ replay: 1 }]);
    await deliver(await buildDeliveryDeps(env, "test"), job);
    expect(await arrivals("main")).toHaveLength(1);
  });
});

describe("the health of an endpoint", () => {
  it("is not that of an address which it has left", async () => {
    const endpoint = await makeEndpoint("main", { events });
    const [failing, gone] = [
      await beginAttempt(await waitingEvent(endpoint)),
      await beginAttempt(await waitingEvent(endpoint)),
    ];
    await changeEndpoint(endpoint, { url: boxUrl("other") });
    await failing.end(500);
    await gone.end(410);
    expect(await healthOf(endpoint)).toEqual({ enabled: true, failingSince: null, warnedAt: null, reason: null });
  });

  it("is not mended by an answer from an address which it has left", async () => {
    const endpoint = await makeEndpoint("main", { events });
    await (await beginAttempt(await waitingEvent(endpoint))).end(500);
    const held = await beginAttempt(await waitingEvent(endpoint));
    await changeEndpoint(endpoint, { url: boxUrl("other") });
    await held.end(200);
    expect((await healthOf(endpoint)).failingSince).not.toBeNull();
  });

  it.each([
    ["warned of", 61, null],
    ["switched off", 121, 60],
  ])("that has come back meanwhile is not %s", async (_, failingHours, warnedHours) => {
    const endpoint = await makeEndpoint("main", { events });
    await makeEndpoint("watch", { events: ["webhook_endpoint.failing", "webhook_endpoint.disabled"] });
    const agoMs = async (hours: number) => (await nowMs()) - hours * hourMs;
    await env.DB.prepare("update webhook_endpoints set failing_since = ?, warned_at = ? where id = ?")
      .bind(await agoMs(failingHours), warnedHours && (await agoMs(warnedHours)), endpoint.id)
      .run();
    const [one, other] = [await waitingEvent(endpoint), await waitingEvent(endpoint)];
    const late = await beginAttempt(one);
    await (await beginAttempt(other)).end(200);
    const well = { enabled: true, failingSince: null, warnedAt: null, reason: null };
    expect(await healthOf(endpoint)).toEqual(well);
    await late.end(500);
    expect(await healthOf(endpoint)).toEqual(well);
    expect(await rows("select type from outbox where type <> 'webhook_endpoint.test'")).toEqual([]);
  });
});
