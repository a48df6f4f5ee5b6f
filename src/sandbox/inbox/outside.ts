import { WorkerEntrypoint } from "cloudflare:workers";
import type { SandboxEnv } from "../env";
import { answerInbox, boxOf } from "./receive";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Replaces the network for the application: requests to the sandbox's own inbox stay inside, so that they work whatever
 * the port and without a server; all others go to their address.
 */
export class Outside extends WorkerEntrypoint<SandboxEnv> {
  override async fetch(request: Request): Promise<Response> {
    const { hostname, pathname } = new URL(request.url);
    const box = LOOPBACK.includes(hostname) && request.method === "POST" ? boxOf(pathname) : undefined;
    return box === undefined ? fetch(request) : answerInbox(request, this.env, box);
  }
}
