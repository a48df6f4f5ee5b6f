import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeliveryDeps } from "../../src/container";
import { selectTransferWebhooks } from "../../src/db/transfers/webhook-records";
import { type DeliveryJob, nameOf } from "../../src/domain/webhooks/delivery-job";
import { Dispatcher } from "../../src/durable/dispatcher";
import { deliver } from "../../src/webhooks/deliver";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import { initiated, makeTenant, wired } from "../tenant";
import { waitingEvent } from "./held";
import { boxUrl, makeEndpoint } from "./owner";

beforeEach(() => journey.reset());

/**
 * Simulates Cloudflare's limit of connections: so many of one invocation wait for an answer at once, and the others
 * wait for them.
 */
class WayOut {
  underWay = 0;
  mostUnderWay = 0;
  sent = 0;
  asked = 0;
  private readonly connections = 6;

  readonly fetch = async (_: RequestInfo, init?: RequestInit): Promise<Response> => {
    this.asked += 1;
    const signal = init?.signal;
    while (this.underWay >= this.connections && !signal?.aborted) await scheduler.wait(5);
    if (signal?.aborted) throw signal.reason;
    this.sent += 1;
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    while (!signal?.aborted) await scheduler.wait(5); // the receiver hangs
    this.underWay -= 1;
    throw signal.reason;
  };
}

it("no attempt counts that was never sent, when a receiver hangs and Cloudflare lets six connections wait for it", async () => {
  const endpoint = await makeEndpoint("hanging");
  const waiting: DeliveryJob[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const { id: _, ...job } = await waitingEvent(endpoint);
    waiting.push(job);
  }
  const out = new WayOut();
  const stub = env.DISPATCHER.get(env.DISPATCHER.newUniqueId());
  const attempts = () => rows<{ outcome: string }>("select outcome from webhook_attempts");
  await runInDurableObject(stub, async (_, state) => {
    const dispatcher = new Dispatcher(state, { ...env, OUTSIDE: { fetch: out.fetch } });
    dispatcher.take(new Map(waiting.map((job) => [nameOf(job), job])));
    for (let turn = 0; turn < 1_000 && (await attempts()).length < 10; turn += 1) await scheduler.wait(10);
  });
  expect(await attempts()).toEqual(Array.from({ length: 10 }, () => ({ outcome: "timeout" })));
  expect([out.asked, out.sent]).toEqual([10, 10]);
  expect(out.mostUnderWay).toBe(4);
});

describe("a receiver in whose place Cloudflare answers could not be reached", () => {
  const send = (async () =>
    new Response("error code: 1016", { status: 530, headers: { Server: "cloudflare" } })) as unknown as typeof fetch;

  it("in the log of an endpoint", async () => {
    const endpoint = await makeEndpoint("nobody");
    const { id: _, ...job } = await waitingEvent(endpoint);
    await deliver({ ...(await buildDeliveryDeps(env, "test")), send }, job);
    const [logged] = (
      await journey.must(200, "GET", `/webhook-endpoints/${endpoint.id}/deliveries`, { token: "admin_sandbox" })
    ).body.data;
    expect(logged).toMatchObject({ state: "pending", attempts: 1 });
    expect(await rows("select outcome, status, excerpt from webhook_attempts")).toEqual([
      { outcome: "unreachable", status: null, excerpt: "error code: 1016" },
    ]);
  });

  it("and in the words of the transfers contract", async () => {
    const deps = await wired();
    const quiet = { ...deps, enqueueDeliveries: async () => undefined };
    const [sender, receiver] = [await makeTenant(deps), await makeTenant(deps, { webhookUrl: boxUrl("nobody") })];
    const { reference } = await initiated(quiet, sender, receiver);
    const record = { applicationId: receiver.id, reference, direction: "RECEIVER" } as const;
    const job = { kind: "transfer", ...record, eventType: "TRANSACTION_INITIATED" } as const;
    await deliver({ ...(await buildDeliveryDeps(env, "test")), send }, job);
    const [records] = await deps.db.batch([selectTransferWebhooks(deps.db, reference)]);
    expect(records).toMatchObject([{ state: "PENDING", attempts: 1, lastError: "The address could not be reached" }]);
  });
});
