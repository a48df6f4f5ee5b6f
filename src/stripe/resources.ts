import type Stripe from "stripe";

/** What we use of Stripe's SDK: methods by resource. The build leaves all others out (src/cli/write-stripe.ts). */
export const resources = {
  accountLinks: ["create"],
  accounts: ["create", "createLoginLink", "del", "list", "retrieve"],
  applicationFees: ["listRefunds", "retrieve"],
  balance: ["retrieve"],
  balanceTransactions: ["list"],
  charges: ["retrieve"],
  "checkout.sessions": ["create", "expire", "list", "retrieve"],
  customers: ["create", "list", "retrieve"],
  disputes: ["list", "retrieve"],
  events: ["list", "retrieve"],
  paymentIntents: ["cancel", "capture", "confirm", "create", "list", "retrieve", "update"],
  paymentMethods: ["attach", "create", "detach", "retrieve"],
  refunds: ["create", "list", "retrieve"],
  transfers: ["create", "createReversal", "list", "retrieve"],
} as const satisfies { readonly [Name in ResourceName]?: readonly (keyof Resource<Name>)[] };

type ResourceName = keyof Stripe | "checkout.sessions";
type Resource<Name extends ResourceName> = Name extends keyof Stripe ? Stripe[Name] : Stripe.Checkout.SessionResource;
type Held<Name extends keyof typeof resources> = Pick<
  Resource<Name>,
  (typeof resources)[Name][number] & keyof Resource<Name>
>;

/** Stripe's client with those. */
export type StripeSdk = { [Name in Exclude<keyof typeof resources, "checkout.sessions">]: Held<Name> } & {
  checkout: { sessions: Held<"checkout.sessions"> };
};
