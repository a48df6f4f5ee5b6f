/**
 * Stands in the bundle for what Accord never uses of Stripe's SDK. The SDK's client constructs every resource, so no bundler
 * could leave any of them out by itself: wrangler.toml names their modules as aliases of this file, and sdk.ts names
 * what is left.
 */
class Unused {}

/** Lists that fetch their next page by themselves: client.ts asks for each page. */
export function makeAutoPaginationMethods() {
  return {};
}

/** Decimal numbers of Stripe's newer resources become objects of the SDK's: Accord reads none, and they stay texts. */
export function coerceV2RequestData<T>(data: T): T {
  return data;
}

export function coerceV2ResponseData<T>(data: T): T {
  return data;
}

export {
  Unused as AccountSessionResource,
  Unused as ApplePayDomainResource,
  Unused as Apps,
  Unused as BalanceSettingResource,
  Unused as Billing,
  Unused as BillingPortal,
  Unused as Climate,
  Unused as ConfirmationTokenResource,
  Unused as CountrySpecResource,
  Unused as CouponResource,
  Unused as CreditNoteResource,
  Unused as CustomerSessionResource,
  Unused as Decimal,
  Unused as Entitlements,
  Unused as EphemeralKeyResource,
  Unused as ExchangeRateResource,
  Unused as FileLinkResource,
  Unused as FileResource,
  Unused as FinancialConnections,
  Unused as Forwarding,
  Unused as Identity,
  Unused as InvoiceItemResource,
  Unused as InvoicePaymentResource,
  Unused as InvoiceRenderingTemplateResource,
  Unused as InvoiceResource,
  Unused as Issuing,
  Unused as MandateResource,
  Unused as PaymentAttemptRecordResource,
  Unused as PaymentLinkResource,
  Unused as PaymentMethodConfigurationResource,
  Unused as PaymentMethodDomainResource,
  Unused as PaymentRecordResource,
  Unused as PayoutResource,
  Unused as PlanResource,
  Unused as PriceResource,
  Unused as ProductCatalog,
  Unused as ProductResource,
  Unused as PromotionCodeResource,
  Unused as QuoteResource,
  Unused as Radar,
  Unused as Reporting,
  Unused as Reserve,
  Unused as ReviewResource,
  Unused as SetupAttemptResource,
  Unused as SetupIntentResource,
  Unused as ShippingRateResource,
  Unused as Sigma,
  Unused as SourceResource,
  Unused as StripeEventNotificationHandler,
  Unused as SubscriptionItemResource,
  Unused as SubscriptionResource,
  Unused as SubscriptionScheduleResource,
  Unused as Tax,
  Unused as TaxCodeResource,
  Unused as TaxIdResource,
  Unused as TaxRateResource,
  Unused as Terminal,
  Unused as TestHelpers,
  Unused as ThreeDSecure,
  Unused as TokenResource,
  Unused as TopupResource,
  Unused as Treasury,
  Unused as V2,
  Unused as WebhookEndpointResource,
};
