import { WorkerEntrypoint } from "cloudflare:workers";
import application from "../index";
import type { SandboxEnv } from "./env";

export { Sequencer } from "../index";
export { StripeEmulator } from "./emulator";

export class StripeSandbox extends WorkerEntrypoint<SandboxEnv> {
  override async fetch(): Promise<Response> {
    return new Response("{}");
  }
}

export default application;
