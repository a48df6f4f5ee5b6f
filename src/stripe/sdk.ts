import type Stripe from "stripe";

/** The part of Stripe's client that Accord calls. The other resources are not in the bundle (unused.ts). */
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
