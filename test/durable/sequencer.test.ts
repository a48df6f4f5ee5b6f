import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Performed } from "../../src/durable/rpc";
import { Sequencer } from "../../src/durable/sequencer";
import { Journey } from "../journey";
import { expectBooksInOrder, journalCount } from "../outcome";
import { newSequencer, sequencerOf } from "./sequencer-of";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

/** The most commands that may wait for one key; one more is refused. */
const waitingMax = 2_000;

/**
 * A sequencer whose commands stop at their first step until the test lets them continue. Wiring a command asks the
 * sandbox's clock, and there they stop. Logging out touches one row at most, so nothing else interferes.
 */
class Gate {
  readonly started: ((outcome: "go" | "fail") => void)[] = [];
  readonly sequencer: Sequencer;

  constructor(state: DurableObjectState) {
    const clockOffsetMs = () =>
      new Promise<number>((resolve, reject) => {
        this.started.push((outcome) => (outcome === "go" ? resolve(0) : reject(new Error("broken on purpose"))));
      });
    this.sequencer = new Sequencer(state, { ...env, STRIPE: { clockOffsetMs } });
  }

  perform(key: string): Promise<Performed> {
    const command = { name: "log-out", input: { userId: "none", sessionId: "none" } } as const;
    return this.sequencer.perform(key, command, { requestId: "test" });
  }

  /** Waits until so many commands have started. */
  async until(count: number): Promise<void> {
    for (let turn = 0; this.started.length < count && turn < 1_000; turn += 1) await scheduler.wait(1);
    expect(this.started.length).toBe(count);
  }
}

/** Runs a test inside an object of the namespace, with a sequencer of its own. */
function inSequencer(work: (gate: Gate) => Promise<void>): Promise<void> {
  return runInDurableObject(newSequencer(), (_instance, state) => work(new Gate(state)));
}

describe("the sequencer", () => {
  it("performs the commands of one key one at a time, in order of arrival", () =>
    inSequencer(async (gate) => {
      const ended: number[] = [];
      const turns = Array.from({ length: 20 }, (_, at) => gate.perform("testimony:a").then(() => ended.push(at)));
      for (let at = 0; at < turns.length; at += 1) {
        await gate.until(at + 1); // and not one more
        await scheduler.wait(1);
        expect(gate.started.length).toBe(at + 1);
        expect(ended).toHaveLength(at);
        gate.started[at]?.("go");
        await turns[at];
      }
      expect(ended).toEqual(Array.from({ length: 20 }, (_, at) => at));
    }));

  it("lets no key wait for another", () =>
    inSequencer(async (gate) => {
      const stuck = gate.perform("testimony:a");
      await gate.until(1);
      const free = gate.perform("testimony:b");
      await gate.until(2);
      gate.started[1]?.("go");
      expect((await free).result.ok).toBe(true);
      gate.started[0]?.("go");
      expect((await stuck).result.ok).toBe(true);
    }));

  it("goes on after a command that throws, and tells only its caller", () =>
    inSequencer(async (gate) => {
      const [broken, next] = [gate.perform("testimony:a"), gate.perform("testimony:a")];
      const told = expect(broken).rejects.toThrow("broken on purpose");
      await gate.until(1);
      gate.started[0]?.("fail");
      await told;
      await gate.until(2);
      gate.started[1]?.("go");
      expect((await next).result.ok).toBe(true);
    }));

  it("refuses at once what comes when too many wait, and is free again afterwards", () =>
    inSequencer(async (gate) => {
      const waiting = Array.from({ length: waitingMax }, () => gate.perform("testimony:a"));
      const told = Promise.allSettled(waiting);
      await gate.until(1);
      const { result } = await gate.perform("testimony:a");
      expect(result).toEqual({ ok: false, refusal: "busy" });
      const other = gate.perform("testimony:b");
      await gate.until(2);
      gate.started[1]?.("go");
      expect((await other).result.ok).toBe(true);

      gate.started[0]?.("fail");
      for (let next = 2; next <= waitingMax; next += 1) {
        while (gate.started.length <= next) await Promise.resolve();
        gate.started[next]?.("fail");
      }
      expect((await told).every(({ status }) => status === "rejected")).toBe(true);
      const after = gate.perform("testimony:a");
      await gate.until(waitingMax + 2);
      gate.started.at(-1)?.("go");
      expect((await after).result.ok).toBe(true);
    }));
});

it("answers 503 with Retry-After while too many wait, and accepts when asked again", async () => {
  const session = await journey.checkout(await journey.offerOnTable());
  await journey.events("hold");
  await journey.pay(session);
  const stub = sequencerOf(session);
  const key = `testimony:${session.testimonyId}`;

  // The live object's own commands wait at the sandbox's clock until all are released, and fail.
  const crowd = await runInDurableObject(stub, (instance) => {
    const live = instance as unknown as { env: object };
    const ownEnvironment = live.env;
    const release = Promise.withResolvers<number>();
    live.env = { ...ownEnvironment, STRIPE: { clockOffsetMs: () => release.promise } };
    const command = { name: "log-out", input: { userId: "none", sessionId: "none" } } as const;
    const turns = Array.from({ length: waitingMax }, () => instance.perform(key, command, { requestId: "test" }));
    const left = Promise.allSettled(turns);
    return {
      async leave() {
        release.reject(new Error("broken on purpose"));
        await left;
        live.env = ownEnvironment;
      },
    };
  });
  const busy = await journey.accept(session);
  await runInDurableObject(stub, () => crowd.leave());

  expect(busy).toMatchObject({ status: 503, body: { status: 503, code: "busy" } });
  expect(Number(busy.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(await journalCount(session.testimonyId, "accept-offer")).toBe(0);
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(10);
  await expectBooksInOrder(journey);
});
