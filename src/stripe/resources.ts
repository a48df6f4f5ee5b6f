import type Stripe from "stripe";

/** What we use of Stripe's SDK. The build leaves its other resources out (src/cli/write-stripe.ts). */
export const resources = [
  "accountLinks",
  "accounts",
  "applicationFees",
  "balance",
  "balanceTransactions",
  "charges",
  "checkout",
  "customers",
  "disputes",
  "events",
  "paymentIntents",
  "paymentMethods",
  "refunds",
  "setupIntents",
  "tokens",
  "transfers",
] as const satisfies readonly (keyof Stripe)[];

/** Stripe's client with those. */
export type StripeSdk = Pick<Stripe, (typeof resources)[number]>;
