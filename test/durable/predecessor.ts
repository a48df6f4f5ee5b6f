import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import worker, { Sequencer } from "../../src/sandbox";
import { Journey } from "../journey";
import { newSequencer } from "./sequencer-of";

type Moment = "before it reaches Stripe" | "after Stripe has done it" | "before its answer is lost";

/**
 * Simulates a sequencer that Cloudflare has replaced and that still works: an instance in an object of its own, beside
 * the one that everybody else uses. Its calls to Stripe stop until the test lets them continue.
 */
export class Predecessor {
  /** Whether it has reached the point where it stops. */
  isThere = false;
  /** Set to let it continue. */
  mayGoOn = false;
  /** Set to make its storage say that it is not the current one. */
  isTold = false;
  private readonly stub = newSequencer();
  private instance: Sequencer | undefined;
  private readonly match: { method: string; path: RegExp; moment: Moment };

  constructor(method: string, path: RegExp, moment: Moment) {
    this.match = { method, path, moment };
  }

  /** Sends requests to this sequencer. */
  readonly journey = new Journey(async (request) => {
    const led = {
      idFromName: (name: string) => env.SEQUENCER.idFromName(name),
      get: () => ({ perform: (...asked: Parameters<Sequencer["perform"]>) => this.perform(...asked) }),
    };
    return worker.fetch(request as never, { ...env, SEQUENCER: led } as never, createExecutionContext());
  });

  /** Waits until it has reached the point where it stops. */
  async until(): Promise<void> {
    for (let turn = 0; !this.isThere && turn < 1_000; turn += 1) await scheduler.wait(2);
    if (!this.isThere) throw new Error("it never came there");
  }

  private perform(...asked: Parameters<Sequencer["perform"]>): ReturnType<Sequencer["perform"]> {
    return runInDurableObject(this.stub, (_, state) => {
      this.instance ??= this.made(state);
      return this.instance.perform(...asked);
    });
  }

  private made(state: DurableObjectState): Sequencer {
    const stripe = {
      clockOffsetMs: () => env.STRIPE.clockOffsetMs(),
      fetch: (input: RequestInfo, init?: RequestInit) => this.fetch(new Request(input, init)),
    };
    const instance = new Sequencer(state, { ...env, STRIPE: stripe, STRIPE_TIMEOUT_MS: "20000" });
    const get = (key: string) => {
      if (this.isTold) throw new Error("Durable Object storage is no longer accessible.");
      return state.storage.kv.get(key);
    };
    return Object.assign(instance, { ctx: { storage: { kv: { get } } } });
  }

  private async fetch(request: Request): Promise<Response> {
    const { method, path, moment } = this.match;
    const isIt =
      request.method === method &&
      path.test(new URL(request.url).pathname) &&
      (!this.isThere || moment === "before its answer is lost");
    if (!isIt) return env.STRIPE.fetch(request as never) as unknown as Response;
    if (moment === "before it reaches Stripe") {
      await this.hold();
      return env.STRIPE.fetch(request as never) as unknown as Response;
    }
    const answer = (await env.STRIPE.fetch(request as never)) as unknown as Response;
    await this.hold();
    if (moment === "before its answer is lost") throw new Error("Connection reset");
    return answer;
  }

  private async hold(): Promise<void> {
    this.isThere = true;
    while (!this.mayGoOn) await scheduler.wait(2);
  }
}

/** Counts the requests of this kind that the application has sent to Stripe. */
export async function sentToStripe(journey: Journey, method: string, path: RegExp): Promise<number> {
  const { requests } = (await journey.control("GET", "requests")).body;
  return requests.filter(
    (one: { source: string; method: string; path: string }) =>
      one.source === "application" && one.method === method && path.test(one.path),
  ).length;
}

/** Sends requests to the current objects. */
export const current = new Journey((request) => exports.default.fetch(request));
