import type { SandboxEnv } from "../../../src/sandbox/env";
import sandbox, {
  Committer as GroupCommitter,
  Dispatcher as SandboxDispatcher,
  Sequencer as SandboxSequencer,
} from "../../../src/sandbox/index";
import { type SlowDatabase, slowed } from "./slow-database";

export { Limiter, Outside, SandboxInbox, StripeEmulator, StripeSandbox } from "../../../src/sandbox/index";
export { SlowDatabase } from "./slow-database";

/*
 * The sandbox without what a deployment has not: its clock is the machine's and costs no call, and the approximate rate
 * limits, which Cloudflare keeps in the memory of its location, and Miniflare in an object with a database, let all
 * pass. With WRITE_MS its D1 takes so long for a batch that writes.
 */

type Env = SandboxEnv & {
  STRIPE: Fetcher;
  SLOW: DurableObjectNamespace<SlowDatabase>;
  WRITE_MS: number;
};

const made = new WeakMap<object, object>();

function deployed<E extends object>(raw: E): E {
  const known = made.get(raw);
  if (known) return known as E;
  const env = raw as unknown as Env;
  const open = { limit: async () => ({ success: true }) };
  const STRIPE = { fetch: env.STRIPE.fetch.bind(env.STRIPE), clockOffsetMs: async () => 0 };
  const DB = env.WRITE_MS > 0 ? slowed(env.DB, env.SLOW) : env.DB;
  const limits = { SHIELD: open, SECRETS: open, TOKEN_REQUESTS: open, APPLICATION_REQUESTS: open };
  const ASSETS = { fetch: async () => new Response(null, { status: 404 }) };
  const changed = { ...raw, ...limits, STRIPE, DB, ASSETS } as unknown as E;
  made.set(raw, changed);
  return changed;
}

export class Sequencer extends SandboxSequencer {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, deployed(env));
  }
}

export class Dispatcher extends SandboxDispatcher {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, deployed(env));
  }
}

export class Committer extends GroupCommitter {
  constructor(ctx: DurableObjectState, env: { DB: D1Database }) {
    super(ctx, deployed(env));
  }
}

export default {
  fetch: (request, env, ctx) => sandbox.fetch(request, deployed(env), ctx),
  queue: (batch, env, ctx) => sandbox.queue(batch, deployed(env), ctx),
  scheduled: (controller, env, ctx) => sandbox.scheduled(controller, deployed(env), ctx),
} satisfies ExportedHandler<SandboxEnv>;
