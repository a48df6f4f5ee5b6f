import type { ObjectEnv } from "./object-env";

/** Bindings of the sandbox itself. Everything else in the environment belongs to the application. */
export interface SandboxEnv extends ObjectEnv {
  DB: D1Database;
  EMULATOR: DurableObjectNamespace<import("./emulator").StripeEmulator>;
  INBOX: DurableObjectNamespace<import("./inbox/inbox").SandboxInbox>;
}
