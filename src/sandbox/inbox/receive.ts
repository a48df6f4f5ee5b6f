import type { SandboxEnv } from "../env";
import type { InboxMode, SandboxInbox } from "./inbox";

/** Longer than any sender waits. */
const HANG_MS = 60_000;

/** Interval in which a box that holds checks its mode. */
const HOLD_LOOK_MS = 20;

/** More than any sender reads. */
const FLOOD_BYTES = 10_000_000;

/** Returns the box that a path names, on any host; undefined if it names none. */
export function boxOf(pathname: string): string | undefined {
  return /^\/sandbox\/inbox\/([\w-]{1,64})$/.exec(pathname)?.[1];
}

/** Returns the object of all boxes. */
export function inboxOf(env: SandboxEnv): DurableObjectStub<SandboxInbox> {
  return env.INBOX.get(env.INBOX.idFromName("inbox"));
}

/** Keeps a message, and answers in the mode of the box. */
export async function answerInbox(request: Request, env: SandboxEnv, box: string): Promise<Response> {
  const headers = Object.fromEntries(request.headers);
  const body = new TextDecoder().decode(await request.arrayBuffer()); // `text()` warns for types that are no text
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

/** Waits until a box does not hold any more, at most as long as one that hangs. */
async function modeAfterHold(env: SandboxEnv, box: string): Promise<InboxMode> {
  for (let waitedMs = 0; waitedMs < HANG_MS; waitedMs += HOLD_LOOK_MS) {
    const { mode } = await inboxOf(env).state(box);
    if (mode !== "hold") return mode;
    await scheduler.wait(HOLD_LOOK_MS);
  }
  return "fail";
}
