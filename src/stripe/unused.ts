/**
 * Stands in the bundle for the parts of Stripe's SDK that Accord never calls. The SDK's client constructs every resource,
 * so no bundler could leave any of them out by itself: wrangler.toml names the largest as aliases of this file, and sdk.ts
 * takes them from the type of the client.
 */
class Unused {}

export {
  Unused as InvoiceResource,
  Unused as Issuing,
  Unused as OAuthResource,
  Unused as PaymentLinkResource,
  Unused as PriceResource,
  Unused as QuoteResource,
  Unused as StripeEventNotificationHandler,
  Unused as SubscriptionItemResource,
  Unused as SubscriptionResource,
  Unused as TestHelpers,
  Unused as Treasury,
  Unused as V2,
};
