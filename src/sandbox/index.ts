import application, { Dispatcher as ApplicationDispatcher, Sequencer as ApplicationSequencer } from "../index";
import { answerControl } from "./control/routes";
import type { SandboxEnv } from "./env";
import { answerInboxPath } from "./inbox/routes";
import { consume, countingMessages, countingWork } from "./messages-underway";
import { rememberOrigin } from "./origin";
import { answerPerson } from "./people/routes";
import { signIn } from "./people/sign-in";
import { answerPublicly } from "./stripe-entrypoint";

export { Committer, Limiter } from "../index";
export { StripeEmulator } from "./emulator";
export { SandboxInbox } from "./inbox/inbox";
export { Outside } from "./inbox/outside";
export { StripeSandbox } from "./stripe-entrypoint";

/** The application's objects send messages, too, so their queues are counted. */
export class Sequencer extends ApplicationSequencer {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, countingMessages(env));
  }
}

export class Dispatcher extends ApplicationDispatcher {
  constructor(ctx: DurableObjectState, env: object) {
    super(countingWork(ctx), countingMessages(env));
  }
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

// The application's type declares the bindings that it needs; the sandbox passes on all that it was given.
const mounted = application as unknown as Required<Pick<ExportedHandler<SandboxEnv>, "fetch" | "queue" | "scheduled">>;

/** The application with a Stripe of its own. It serves only this machine. */
export default {
  async fetch(request, bindings, ctx) {
    const env = countingMessages(bindings);
    const url = new URL(request.url);
    if (!LOOPBACK.includes(url.hostname)) {
      return new Response("The sandbox answers on loopback addresses only.\n", { status: 403 });
    }
    await rememberOrigin(url, env);
    if (url.pathname.startsWith("/sandbox/control/")) {
      if (comesFromElsewhere(request)) {
        return new Response("Web pages may not control the sandbox.\n", { status: 403 });
      }
      return answerControl(request, env, mounted.scheduled);
    }
    if (url.pathname === "/sandbox/inbox" || url.pathname.startsWith("/sandbox/inbox/")) {
      if (url.pathname.endsWith("/settings") && comesFromElsewhere(request)) {
        return new Response("Web pages may not control the sandbox.\n", { status: 403 });
      }
      return answerInboxPath(request, env);
    }
    if (url.pathname.startsWith("/sandbox/stripe/v1/")) {
      return answerPublicly(env, ctx, request, url.pathname.slice("/sandbox/stripe".length));
    }
    const answer = (await answerPerson(request, env, ctx)) ?? (await mounted.fetch(request, env, ctx));
    if (!/^\/console(\/|$)/.test(url.pathname)) return answer;
    return signIn(request, env, async (asked) => mounted.fetch(asked as typeof request, env, ctx), answer);
  },
  queue: (batch, env, ctx) => consume(batch, () => mounted.queue(batch, countingMessages(env), ctx)),
  scheduled: (controller, env, ctx) => mounted.scheduled(controller, countingMessages(env), ctx),
} satisfies ExportedHandler<SandboxEnv>;

/**
 * Tells whether a request comes from a page of another origin, which could otherwise reset the sandbox through a
 * visitor's browser.
 */
function comesFromElsewhere(request: Request): boolean {
  const origin = request.headers.get("Origin");
  return origin !== null && !(URL.canParse(origin) && LOOPBACK.includes(new URL(origin).hostname));
}
