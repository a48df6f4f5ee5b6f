import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { DeliveryJob } from "../../src/domain/webhooks/delivery-job";
import worker from "../../src/index";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import {
  arrivals,
  arrived,
  attempted,
  type Delivery,
  deliveriesOf,
  makeEndpoint,
  newestAttempted,
  tellBox,
  tellSomething,
  viewDelivery,
} from "./owner";

beforeEach(() => journey.reset());

const cancelled = { events: ["testimony.cancelled"] };

function jobOf({ endpointId, eventId }: Delivery): DeliveryJob {
  return { kind: "event", endpointId, eventId };
}

/** Passes messages to the consumer as the platform would, and returns the outcome of each. */
async function consume(queue: string, bodies: readonly unknown[]) {
  const messages = bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), body, attempts: 1 }));
  const batch = createMessageBatch(queue, messages);
  const context = createExecutionContext();
  await worker.queue(batch, env);
  const { explicitAcks, retryMessages, ackAll, outcome } = await getQueueResult(batch, context);
  return { acked: explicitAcks, retried: retryMessages.map(({ msgId }) => msgId), ackAll, outcome };
}

describe("a message that comes twice", () => {
  it("sends nothing twice, and brings no attempt forward", async () => {
    const endpoint = await makeEndpoint("main", cancelled);
    await tellBox("main", "fail");
    await tellSomething(await journey.registerClient());
    const delivery = await newestAttempted(endpoint);
    await tellBox("main", "ok");
    await takeTwenty(delivery);
    expect((await viewDelivery(delivery.id)).attempts).toBe(1);
    await journey.advance(7);
    expect(await attempted(delivery.id, 2)).toMatchObject({ state: "delivered", attempts: 2 });
    await takeTwenty(delivery);
    expect(await arrivals("main")).toHaveLength(2);
  });

  it("at the same moment makes one attempt", async () => {
    const endpoint = await makeEndpoint("main", cancelled);
    await tellSomething(await journey.registerClient());
    await takeTwenty((await deliveriesOf(endpoint))[0] as Delivery);
    await arrived("main", 1);
    expect(await arrivals("main")).toHaveLength(1);
  });

  async function takeTwenty(delivery: Delivery): Promise<void> {
    await consume(
      "accord-deliveries",
      Array.from({ length: 20 }, () => jobOf(delivery)),
    );
    await consume("accord-deliveries", [jobOf(delivery)]);
    await new Promise((done) => setTimeout(done, 500));
  }
});

describe("a message that always fails", () => {
  it("that names nothing touches no other in its batch", async () => {
    const endpoint = await makeEndpoint("main", cancelled);
    await tellBox("main", "fail");
    await tellSomething(await journey.registerClient());
    const delivery = await newestAttempted(endpoint);
    await tellBox("main", "ok");
    await env.DB.prepare("update webhook_deliveries set due_at = 0").run();
    const { acked, retried } = await consume("accord-deliveries", [
      null,
      jobOf(delivery),
      "nonsense",
      { kind: "event", endpointId: 1 },
      { kind: "transfer", endpointId: "x", eventId: "y" },
      { kind: "transfer", applicationId: "x", direction: "SENDER", eventType: "TRANSACTION_COMPLETED" },
    ]);
    expect({ acked, retried: retried.toSorted() }).toEqual({ acked: ["1"], retried: ["0", "2", "3", "4", "5"] });
    expect((await attempted(delivery.id, 2)).state).toBe("delivered");
  });

  it("that names a delivery which nobody has is done with", async () => {
    const event: DeliveryJob = { kind: "event", endpointId: "nobody's", eventId: "nothing" };
    const transfer: DeliveryJob = {
      kind: "transfer",
      applicationId: "nobody's",
      reference: "none",
      direction: "SENDER",
      eventType: "TRANSACTION_COMPLETED",
    };
    expect((await consume("accord-deliveries", [event, transfer])).acked).toEqual(["0", "1"]);
  });

  it("that throws at every attempt delays neither its neighbours nor other endpoints", async () => {
    const poisoned = await makeEndpoint("poisoned", cancelled);
    const other = await makeEndpoint("other", cancelled);
    const client = await journey.registerClient();
    await tellSomething(client);
    await Promise.all([newestAttempted(poisoned), newestAttempted(other)]);
    // The sealing key is gone, so nothing can be signed.
    await env.DB.prepare("update secrets set secret = 'gone.AAAA.AAAA' where owner_id = ?").bind(poisoned.id).run();
    for (let round = 0; round < 3; round += 1) await tellSomething(client);
    await journey.advance(60);
    expect(await arrived("other", 4)).toHaveLength(4);
    expect(await arrivals("poisoned")).toHaveLength(1);
    const waiting = await deliveriesOf(poisoned, "&state=pending");
    expect(waiting.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
  });

  it("ends in the dead-letter queue, which somebody reads", async () => {
    const { ackAll } = await consume("accord-deliveries-dead", [{ kind: "event", endpointId: "x", eventId: "y" }]);
    expect(ackAll).toBe(true);
  });
});

describe("a queue that loses everything", () => {
  it("costs delay only: the sweep finds the rows", async () => {
    const endpoint = await makeEndpoint("main", cancelled);
    // Simulates that the message was never sent: the row exists, and no job was enqueued.
    await tellBox("main", "fail");
    await tellSomething(await journey.registerClient());
    const delivery = await newestAttempted(endpoint);
    await env.DB.prepare("delete from webhook_attempts").run();
    await env.DB.prepare("update webhook_deliveries set attempts = 0, due_at = created_at + 10000").run();
    await tellBox("main", "ok");
    await journey.advance(11);
    expect(await attempted(delivery.id, 1)).toMatchObject({ state: "delivered", attempts: 1 });
  });

  it("gives every endpoint its turn, whatever the backlog of another", async () => {
    const crowded = await makeEndpoint("crowded", { ...cancelled, enabled: false });
    const endpoint = await makeEndpoint("main", cancelled);
    await tellBox("main", "fail");
    await tellSomething(await journey.registerClient());
    const delivery = await newestAttempted(endpoint);
    await tellBox("main", "ok");
    await env.DB.prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)
       insert into webhook_deliveries (endpoint_id, event_id, aggregate_id, sequence, type, state, replay, attempts, due_at, created_at)
       select ?, 'backlog-' || i, ?, 1, 'testimony.cancelled', 'pending', 0, 0, 1, 1 from n`,
    )
      .bind(crowded.id, delivery.resource)
      .run();
    await journey.control("POST", "clock", { advanceSeconds: 7 });
    expect((await attempted(delivery.id, 2)).state).toBe("delivered");
    const [left] = await rows<{ n: number }>("select count(*) as n from webhook_deliveries where due_at = 1");
    expect(left?.n).toBeGreaterThan(0); // the test did not have to wait for the backlog
  });
});
