/** The version of Stripe's API that everything here was checked against. The SDK pins the same. */
export const stripeApiVersion = "2026-10-28.endive";
