/** Bindings that the sandbox itself uses. Everything else in the environment belongs to the application. */
export interface SandboxEnv {
  DB: D1Database;
  EMULATOR: DurableObjectNamespace<import("./emulator").StripeEmulator>;
  INBOX: DurableObjectNamespace<import("./inbox/inbox").SandboxInbox>;
  /** Our own default entry point, to post signed events to the application's webhook route. */
  SELF: Fetcher;
  /** Comma separated: the platform's secret, then the one for events of connected accounts. */
  STRIPE_WEBHOOK_SECRETS: string;
  /** `off` where tests drive time; anything else lets due work run by itself. */
  SANDBOX_TICK?: string;
}
