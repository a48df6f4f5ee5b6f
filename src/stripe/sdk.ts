import type Stripe from "stripe";

/** Stripe's client without the resources for which unused.ts stands in the bundle: a call of those does not compile. */
export type StripeSdk = Omit<
  Stripe,
  | "invoices"
  | "issuing"
  | "oauth"
  | "paymentLinks"
  | "prices"
  | "quotes"
  | "subscriptionItems"
  | "subscriptions"
  | "testHelpers"
  | "treasury"
  | "v2"
>;
