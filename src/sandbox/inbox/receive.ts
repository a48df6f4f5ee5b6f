import type { SandboxEnv } from "../env";
import type { InboxMode, SandboxInbox } from "./inbox";

/** Longer than any sender waits. */
const HANG_MS = 60_000;

/** How often a box that holds looks whether it still should. */
const HOLD_LOOK_MS = 20;

/** More than any sender reads. */
const FLOOD_BYTES = 10_000_000;

/** The box that a path names, on whatever host; undefined for a path that names none. */
export function boxOf(pathname: string): string | undefined {
  return /^\/sandbox\/inbox\/([\w-]{1,64})$/.exec(pathname)?.[1];
}

/** All boxes live in one object. */
export function inboxOf(env: SandboxEnv): DurableObjectStub<SandboxInbox> {
  return env.INBOX.get(env.INBOX.idFromName("inbox"));
}

/** Keeps what arrived in a box, and answers as the box was told. */
export async function answerInbox(request: Request, env: SandboxEnv, box: string): Promise<Response> {
  const headers = Object.fromEntries(request.headers);
  const body = new TextDecoder().decode(await request.arrayBuffer()); // `text()` warns of every type that is none
  return answerIn(await inboxOf(env).receive(box, headers, body), env, box);
}

async function answerIn(mode: InboxMode, env: SandboxEnv, box: string): Promise<Response> {
  switch (mode) {
    case "ok":
      return Response.json({ received: true });
    case "fail":
      return new Response("This box was told to fail.\n", { status: 500 });
    case "throttle":
      return new Response("Later, please.\n", { status: 429, headers: { "Retry-After": "120" } });
    case "gone":
      return new Response("This box is gone for good.\n", { status: 410 });
    case "redirect":
      return new Response(null, { status: 302, headers: { Location: "/sandbox/inbox/redirected" } });
    case "hang":
      await scheduler.wait(HANG_MS);
      return new Response("Too late.\n");
    case "hold":
      return answerIn(await modeAfterHold(env, box), env, box);
    case "flood":
      return new Response("flood ".repeat(FLOOD_BYTES / 6));
  }
}

/** Waits until a box holds no longer, as long as one that hangs. */
async function modeAfterHold(env: SandboxEnv, box: string): Promise<InboxMode> {
  for (let waitedMs = 0; waitedMs < HANG_MS; waitedMs += HOLD_LOOK_MS) {
    const { mode } = await inboxOf(env).state(box);
    if (mode !== "hold") return mode;
    await scheduler.wait(HOLD_LOOK_MS);
  }
  return "fail";
}
