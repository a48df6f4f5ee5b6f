/** Bindings that the sandbox itself uses. Everything else in the environment belongs to the application. */
export interface SandboxEnv {
  DB: D1Database;
  EMULATOR: DurableObjectNamespace<import("./emulator").StripeEmulator>;
  /** Our own default entry point, to post signed events to the application's webhook route. */
  SELF: Fetcher;
}
