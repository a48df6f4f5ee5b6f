/** Bindings of the sandbox itself. Everything else in the environment belongs to the application. */
export interface SandboxEnv {
  DB: D1Database;
  EMULATOR: DurableObjectNamespace<import("./emulator").StripeEmulator>;
  INBOX: DurableObjectNamespace<import("./inbox/inbox").SandboxInbox>;
  /** Our own default entry point, to post signed events to the application's webhook route. */
  SELF: Fetcher;
  /** Comma-separated secrets: the platform's, then that for events of connected accounts. */
  STRIPE_WEBHOOK_SECRETS: string;
  /** `off` if tests drive time; any other value lets due work run by itself. */
  SANDBOX_TICK?: string;
}
