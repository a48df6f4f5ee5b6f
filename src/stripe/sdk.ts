import type Stripe from "stripe";

/** What Accord calls of Stripe's client. Its other resources are not in the bundle (unused.ts). */
export type StripeSdk = Pick<
  Stripe,
  | "accountLinks"
  | "accounts"
  | "applicationFees"
  | "balance"
  | "balanceTransactions"
  | "charges"
  | "checkout"
  | "customers"
  | "disputes"
  | "events"
  | "paymentIntents"
  | "paymentMethods"
  | "refunds"
  | "transfers"
>;
