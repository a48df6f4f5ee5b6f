/** The part of the environment that the sandbox's objects use: everything but the objects themselves. */
export interface ObjectEnv {
  /** Our own default entry point, to post signed events to the application's webhook route. */
  SELF: Fetcher;
  /** Comma separated: the platform's secret, then the one for events of connected accounts. */
  STRIPE_WEBHOOK_SECRETS: string;
  /** `off` where tests drive time; anything else lets due work run by itself. */
  SANDBOX_TICK?: string;
}
