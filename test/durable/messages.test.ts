import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../src/container";
import { emptyCost } from "../../src/cost";
import { isDeliveryJob } from "../../src/domain/webhooks/delivery-job";
import type { Performed } from "../../src/durable/rpc";
import type { OpenReservation } from "../../src/operations/deps";
import type { Command } from "../../src/operations/operations";
import { lockKey } from "../../src/operations/operations";
import { Journey } from "../journey";
import recorded from "./recorded-messages.json";

/*
 * During a deployment Workers of the old and of the new version call objects of either (Durable Objects, known issues:
 * code updates), and messages of the old version are still in the queues. So each release must understand what the one
 * before has sent: recorded-messages.json holds the calls of the test suites in the release before. New forms are added
 * to it; a form that is not sent any more is removed by the release after.
 */

const journey = new Journey((request) => exports.default.fetch(request));

interface Message {
  key: string;
  command: Command;
  context: { requestId: string; reservation?: OpenReservation };
}

const messages = recorded.sequencer as unknown as Message[];
const named = messages.map((message, at) => [`${at + 1}. ${message.command.name}`, message] as const);

beforeEach(() => journey.reset());

describe("a sequencer takes what a Worker of the release before sends it", () => {
  it.each(named)("%s", async (_, { key, command, context }) => {
    expect(lockKey(command)).toBe(key); // or the two versions would not wait for each other
    const stub = env.SEQUENCER.get(env.SEQUENCER.newUniqueId());
    const { result, cost, settled } = (await stub.perform(key, command, context)) as Performed;
    // The objects named in it do not exist any more: it only matters that the message is read and decided on.
    expect(result.ok || result.refusal).toBeTruthy();
    expect([typeof settled, cost.roundTrips > 0 || cost.stripeCalls > 0]).toEqual(["boolean", true]);
  });
});

it("a Worker reads the answer of a sequencer that does not count all that it counts itself", async () => {
  const { queueOperations: _, ...cost } = { ...emptyCost(), roundTrips: 3 };
  const old = {
    idFromName: () => "",
    get: () => ({ perform: async () => ({ result: { ok: true }, cost, settled: false }) }),
  };
  const deps = await buildDeps({ ...env, SEQUENCER: old }, "test");
  const [message] = messages;
  expect(await deps.runSerialized(message!.command)).toMatchObject({ ok: true });
  expect(deps.cost).toEqual({ ...emptyCost(), roundTrips: 3, hops: 1 });
});

it("a dispatcher and a limiter take what a Worker of the release before sends them", async () => {
  const jobs = new Map(recorded.dispatcher as unknown as [string, never][]);
  for (const job of jobs.values()) expect(isDeliveryJob(job)).toBe(true);
  await env.DISPATCHER.get(env.DISPATCHER.newUniqueId()).take(jobs);
  const [quota, nowMs] = recorded.limiter as [{ most: number; windowMs: number }, number];
  const taken = await env.LIMITER.get(env.LIMITER.newUniqueId()).take(quota, nowMs);
  expect(taken).toEqual({ allowed: true, left: 59, resetMs: 60_000 });
});
