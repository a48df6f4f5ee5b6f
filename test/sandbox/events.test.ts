import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { Courier } from "../../src/sandbox/core/courier";
import { World } from "../../src/sandbox/core/world";
import { emulatorOf } from "../../src/sandbox/emulator-of";
import { advance, connect, control, onboarded, paid, sessionOf } from "./sandbox";

const stripe = connect();
const PLATFORM_SECRET = "whsec_sandbox_platform";
const CONNECT_SECRET = "whsec_sandbox_connect";

afterEach(() => control("POST", "reset"));

interface Received {
  body: string;
  signature: string;
}

/** Runs `work` with a courier whose events end here instead of at the application. */
function withReceiver<T>(
  status: () => number,
  work: (courier: Courier, world: World, received: Received[]) => Promise<T>,
): Promise<T> {
  return runInDurableObject(emulatorOf(env), async (_, state) => {
    const received: Received[] = [];
    const receiver = {
      async fetch(_url: string, init: RequestInit) {
        const headers = new Headers(init.headers);
        received.push({ body: String(init.body), signature: headers.get("Stripe-Signature") ?? "" });
        return new Response(null, { status: status() });
      },
    } as unknown as Fetcher;
    const world = new World(state.storage.sql);
    const secrets = { STRIPE_WEBHOOK_SECRETS: `${PLATFORM_SECRET},${CONNECT_SECRET}` };
    return work(new Courier(world, { ...secrets, SELF: receiver }), world, received);
  });
}

const typesOf = (received: Received[]) => received.map(({ body }) => (JSON.parse(body) as Stripe.Event).type);

describe("events", () => {
  it("carry what Stripe's carry, signed with the secret of where they come from", async () => {
    await control("POST", "events", { mode: "hold" });
    await paid(stripe);
    const expert = await onboarded(stripe);
    const received = await withReceiver(
      () => 204,
      async (courier, _, all) => {
        await courier.flush(1);
        return all;
      },
    );
    expect(typesOf(received)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
      "account.updated",
    ]);
    for (const { body, signature } of received) {
      const isConnect = body.includes('"account.updated"');
      const secret = isConnect ? CONNECT_SECRET : PLATFORM_SECRET;
      const event = await stripe.webhooks.constructEventAsync(body, signature, secret);
      expect(event).toMatchObject({ object: "event", api_version: "2026-10-28.endive", livemode: false });
      expect(event.account).toBe(isConnect ? expert : undefined);
      await expect(stripe.webhooks.constructEventAsync(body, signature, "whsec_other")).rejects.toThrow();
    }
    const { data } = await stripe.events.list({ types: ["charge.succeeded", "account.updated"] });
    expect(data).toMatchObject([
      { type: "charge.succeeded", pending_webhooks: 0, data: { object: { object: "charge" } } },
    ]);
    expect((await stripe.events.list({}, { stripeAccount: expert })).data).toMatchObject([{ type: "account.updated" }]);
  });

  it("are repeated later and later until somebody answers 2xx, signed anew each time", async () => {
    await control("POST", "events", { mode: "hold" });
    const session = await sessionOf(stripe);
    await stripe.checkout.sessions.expire(session.id);
    let status = 500;
    await withReceiver(
      () => status,
      async (courier, world, received) => {
        await courier.flush(1);
        expect(await courier.deliverDue()).toBe(0);
        world.clock.advance(11);
        expect(await courier.deliverDue()).toBe(1);
        world.clock.advance(11);
        expect(await courier.deliverDue()).toBe(0);
        status = 200;
        world.clock.advance(60);
        expect(await courier.deliverDue()).toBe(1);
        expect(world.deliveries.counts()).toMatchObject({ delivered: 1, queued: 0 });
        const times = received.map(({ signature }) => Number(/t=(\d+)/.exec(signature)?.[1]));
        expect([times.length, (times[2] ?? 0) - (times[0] ?? 0) >= 82]).toEqual([3, true]);
      },
    );
  });

  it("are held, multiplied, doubled, shuffled and dropped as told", async () => {
    await control("POST", "events", { mode: "drop" });
    await paid(stripe);
    expect(await control("GET", "events")).toMatchObject({ mode: "drop", counts: { dropped: 4, queued: 0 } });
    expect((await stripe.events.list()).data).toHaveLength(4);

    await control("POST", "events", { mode: "hold" });
    const held = await sessionOf(stripe);
    await stripe.checkout.sessions.expire(held.id);
    const copies = await withReceiver(
      () => 200,
      async (courier) => courier.flush(20),
    );
    expect([copies.events, copies.statuses.length]).toEqual([1, 20]);

    await withReceiver(
      () => 200,
      async (courier, world, received) => {
        world.deliveries.setMode("duplicate");
        world.emit("charge.succeeded", { object: "charge" });
        await courier.deliverDue();
        expect(typesOf(received)).toEqual(["charge.succeeded", "charge.succeeded"]);
        world.deliveries.setMode("shuffle");
        const types = Array.from({ length: 30 }, (_, index) => `charge.${index}`);
        for (const type of types) {
          world.emit(type, { object: "charge" });
        }
        await courier.deliverDue();
        const arrived = typesOf(received.slice(2));
        expect(arrived).not.toEqual(types);
        expect(arrived.sort()).toEqual(types.sort());
      },
    );
    expect((await control("POST", "events", { mode: "sing" })).status).toBe(400);
  });

  it("outlive the process, as everything else does", async () => {
    await control("POST", "events", { mode: "hold" });
    const { session } = await paid(stripe);
    await advance(60);
    await abortAllDurableObjects();
    expect(await control("GET", "events")).toMatchObject({ mode: "hold", counts: { held: 4 } });
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
    expect(await control("GET", "clock")).toMatchObject({ offsetSeconds: 60 });
  });

  it("reach the application's own route", async () => {
    await paid(stripe);
    await control("POST", "clock", { advanceSeconds: 1 });
    const { counts } = await control("GET", "events");
    expect(counts.delivered + counts.queued).toBe(4);
  });
});
