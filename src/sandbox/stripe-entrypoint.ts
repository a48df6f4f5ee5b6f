import { WorkerEntrypoint } from "cloudflare:workers";
import { bodyText } from "./core/body-text";
import type { ApiAnswer, ApiRequest } from "./core/request";
import { emulatorOf } from "./emulator-of";
import type { SandboxEnv } from "./env";

/** Longer than any client waits. */
const HANG_MS = 30_000;
/** Lets the answer arrive before the events that it caused. */
const DELIVERY_HEAD_START_MS = 5;

/** Serves as `https://api.stripe.com` for the application: a service binding that production does not have. */
export class StripeSandbox extends WorkerEntrypoint<SandboxEnv> {
  override async fetch(request: Request): Promise<Response> {
    const emulator = emulatorOf(this.env);
    const answer = await emulator.api(await toApiRequest(request, "application", new URL(request.url).pathname));
    if (answer.latencyMs > 0) await scheduler.wait(answer.latencyMs);
    this.ctx.waitUntil(scheduler.wait(DELIVERY_HEAD_START_MS).then(() => emulator.deliver()));
    return withFault(answer, request);
  }

  /** Returns how far the sandbox's clock is ahead of the wall clock. */
  async clockOffsetMs(): Promise<number> {
    return emulatorOf(this.env).clockOffsetMs();
  }
}

/** Serves the same API for people and other SDKs, without faults. `path` starts with `/v1`. */
export async function answerPublicly(
  env: SandboxEnv,
  ctx: Pick<ExecutionContext, "waitUntil">,
  request: Request,
  path: string,
): Promise<Response> {
  const emulator = emulatorOf(env);
  const answer = await emulator.api(await toApiRequest(request, "public", path));
  ctx.waitUntil(scheduler.wait(DELIVERY_HEAD_START_MS).then(() => emulator.deliver()));
  return new Response(answer.body, answer);
}

async function toApiRequest(request: Request, source: ApiRequest["source"], path: string): Promise<ApiRequest> {
  const header = (name: string) => request.headers.get(name);
  return {
    source,
    method: request.method,
    path,
    query: new URL(request.url).search.slice(1),
    body: request.method === "GET" ? "" : await bodyText(request),
    authorization: header("Authorization"),
    idempotencyKey: header("Idempotency-Key"),
    stripeAccount: header("Stripe-Account"),
    stripeVersion: header("Stripe-Version"),
  };
}

/** Applies network faults outside the object, so that other requests do not wait for them. */
async function withFault(answer: ApiAnswer, request: Request): Promise<Response> {
  switch (answer.fault) {
    case "timeout_before":
    case "timeout_after":
      await hang(request.signal);
      throw new Error("The caller gave up");
    case "reset":
      throw new Error("Connection reset");
    case "truncated":
      return new Response(cutShort(answer.body), answer);
    default:
      return new Response(answer.body, answer);
  }
}

/** Sends half of the body and then breaks the connection. */
function cutShort(body: string): ReadableStream {
  const half = new TextEncoder().encode(body.slice(0, Math.floor(body.length / 2)));
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) {
        controller.error(new Error("Connection lost"));
      } else {
        controller.enqueue(half);
        sent = true;
      }
    },
  });
}

async function hang(signal: AbortSignal): Promise<void> {
  await Promise.race([
    scheduler.wait(HANG_MS),
    new Promise<void>((resume) => signal.addEventListener("abort", () => resume(), { once: true })),
  ]);
}
