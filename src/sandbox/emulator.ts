import { DurableObject } from "cloudflare:workers";
import type { SandboxEnv } from "./env";

export class StripeEmulator extends DurableObject<SandboxEnv> {
  now(): number {
    return Date.now();
  }
}
