import type { SandboxEnv } from "../env";
import type { SandboxInbox } from "./inbox";

/** Longer than any sender waits. */
const HANG_MS = 60_000;

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
  switch (await inboxOf(env).receive(box, headers, body)) {
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
    case "flood":
      return new Response("flood ".repeat(FLOOD_BYTES / 6));
  }
}
