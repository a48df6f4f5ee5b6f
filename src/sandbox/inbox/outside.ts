import { WorkerEntrypoint } from "cloudflare:workers";
import type { SandboxEnv } from "../env";
import { answerInbox, boxOf } from "./receive";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The application's way out, in place of the network: what goes to the sandbox's own inbox stays here, so that it works
 * whatever the port and with no server at all; everything else goes where it is addressed to.
 */
export class Outside extends WorkerEntrypoint<SandboxEnv> {
  override async fetch(request: Request): Promise<Response> {
    const { hostname, pathname } = new URL(request.url);
    const box = LOOPBACK.includes(hostname) && request.method === "POST" ? boxOf(pathname) : undefined;
    return box === undefined ? fetch(request) : answerInbox(request, this.env, box);
  }
}
