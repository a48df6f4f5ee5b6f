import type { ParameterError } from "../../../src/sandbox/parameters";

export interface Probe {
  name: string;
  method: "GET" | "POST" | "DELETE";
  path: string;
  /** The decoded form, with leaves as text. */
  form: Record<string, unknown>;
  /** The expected refusal; undefined if Stripe accepts the request. */
  refused?: Pick<ParameterError, "code" | "param">;
}

/** A path of Stripe's that the schema leaves out. */
export const outsideSchema = "/v1/products";

const session = {
  mode: "payment",
  client_reference_id: "testimony-1",
  success_url: "https://accord.example/paid?session_id={CHECKOUT_SESSION_ID}",
  cancel_url: "https://accord.example/offers",
  customer_email: "client@accord.example",
  expires_at: "1795000000",
  line_items: [
    {
      quantity: "1",
      price_data: { currency: "eur", unit_amount: "10000", product_data: { name: "Portrait, 1.5 pages" } },
    },
    { quantity: "1", price_data: { currency: "eur", unit_amount: "2100", product_data: { name: "Commission" } } },
  ],
  metadata: { testimony_id: "testimony-1", offer_id: "offer-1" },
  payment_intent_data: { transfer_group: "testimony-1", metadata: { offer_id: "offer-1" } },
  expand: ["payment_intent"],
};
const intent = { amount: "10000", currency: "eur" };
const transfer = { amount: "10000", currency: "eur", destination: "acct_1", source_transaction: "ch_1" };

const sessions = "/v1/checkout/sessions";
const intents = "/v1/payment_intents";

const accepted: Omit<Probe, "refused">[] = [
  { name: "a checkout session", method: "POST", path: sessions, form: session },
  {
    name: "a price with a fraction of a cent",
    method: "POST",
    path: sessions,
    form: {
      line_items: [{ quantity: "1", price_data: { currency: "eur", unit_amount_decimal: "0.5", product: "prod_1" } }],
    },
  },
  { name: "an expiry without parameters", method: "POST", path: `${sessions}/cs_1/expire`, form: {} },
  { name: "the lines of a session", method: "GET", path: `${sessions}/cs_1/line_items`, form: { limit: "100" } },
  {
    name: "a payment with every kind of value",
    method: "POST",
    path: intents,
    form: {
      ...intent,
      capture_method: "manual",
      confirm: "true",
      off_session: "true",
      payment_method: "pm_card_visa",
      application_fee_amount: "0",
      automatic_payment_methods: { enabled: "true", allow_redirects: "never" },
      payment_method_options: { card: { request_three_d_secure: "automatic" } },
    },
  },
  {
    name: "a value of a union's other branch",
    method: "POST",
    path: intents,
    form: { ...intent, off_session: "one_off" },
  },
  { name: "metadata taken away as a whole", method: "POST", path: `${intents}/pi_1`, form: { metadata: "" } },
  { name: "one metadata key taken away", method: "POST", path: `${intents}/pi_1`, form: { metadata: { order: "" } } },
  { name: "a capture", method: "POST", path: `${intents}/pi_1/capture`, form: { amount_to_capture: "500" } },
  { name: "a confirmation", method: "POST", path: `${intents}/pi_1/confirm`, form: { payment_method: "pm_1" } },
  {
    name: "a cancellation",
    method: "POST",
    path: `${intents}/pi_1/cancel`,
    form: { cancellation_reason: "duplicate" },
  },
  { name: "a refund", method: "POST", path: "/v1/refunds", form: { payment_intent: "pi_1", reason: "duplicate" } },
  {
    name: "a refund that reverses",
    method: "POST",
    path: "/v1/refunds",
    form: { charge: "ch_1", reverse_transfer: "true" },
  },
  { name: "a transfer", method: "POST", path: "/v1/transfers", form: transfer },
  {
    name: "a reversal",
    method: "POST",
    path: "/v1/transfers/tr_1/reversals",
    form: { amount: "100", refund_application_fee: "false" },
  },
  {
    name: "a range",
    method: "GET",
    path: "/v1/events",
    form: { created: { gte: "1790000000" }, types: ["charge.refunded"] },
  },
  { name: "a moment in place of a range", method: "GET", path: "/v1/events", form: { created: "1790000000" } },
  {
    name: "a connected account",
    method: "POST",
    path: "/v1/accounts",
    form: {
      country: "DE",
      email: "expert@accord.example",
      capabilities: { transfers: { requested: "true" } },
      controller: { stripe_dashboard: { type: "express" }, fees: { payer: "application" } },
    },
  },
  { name: "an account taken away", method: "DELETE", path: "/v1/accounts/acct_1", form: {} },
  {
    name: "an onboarding link",
    method: "POST",
    path: "/v1/account_links",
    form: {
      account: "acct_1",
      type: "account_onboarding",
      return_url: "https://accord.example/back",
      refresh_url: "https://accord.example/again",
    },
  },
  { name: "a login link", method: "POST", path: "/v1/accounts/acct_1/login_links", form: {} },
  {
    name: "expand where the SDK leaves it out",
    method: "DELETE",
    path: "/v1/accounts/acct_1",
    form: { expand: ["id"] },
  },
  { name: "the balance", method: "GET", path: "/v1/balance", form: {} },
  {
    name: "a test card's method",
    method: "POST",
    path: "/v1/payment_methods",
    form: { type: "card", card: { token: "tok_visa" } },
  },
  { name: "a method attached", method: "POST", path: "/v1/payment_methods/pm_1/attach", form: { customer: "cus_1" } },
  {
    name: "evidence of a dispute",
    method: "POST",
    path: "/v1/disputes/dp_1",
    form: { submit: "false", evidence: { uncategorized_text: "…" } },
  },
  { name: "a call we do not keep", method: "POST", path: outsideSchema, form: { nonsense: "1" } },
];

const refused: Probe[] = [
  {
    name: "payment_method_types of a session, which this API version has removed",
    method: "POST",
    path: sessions,
    form: { ...session, payment_method_types: ["card"] },
    refused: { code: "parameter_unknown", param: "payment_method_types" },
  },
  {
    name: "payment_method_types of a payment",
    method: "POST",
    path: intents,
    form: { ...intent, payment_method_types: ["card"] },
    refused: { code: "parameter_unknown", param: "payment_method_types" },
  },
  {
    name: "payment_method_types of a set-up",
    method: "POST",
    path: "/v1/setup_intents",
    form: { payment_method_types: ["card"] },
    refused: { code: "parameter_unknown", param: "payment_method_types" },
  },
  {
    name: "a session's fee at the wrong level",
    method: "POST",
    path: sessions,
    form: { ...session, application_fee_amount: "2100" },
    refused: { code: "parameter_unknown", param: "application_fee_amount" },
  },
  {
    name: "an unknown parameter in a line",
    method: "POST",
    path: sessions,
    form: { line_items: [{ quantity: "1" }, { quantity: "1", colour: "red" }] },
    refused: { code: "parameter_unknown", param: "line_items[1][colour]" },
  },
  {
    name: "an unknown parameter deep inside",
    method: "POST",
    path: sessions,
    form: { line_items: [{ price_data: { currency: "eur", product_data: { title: "Portrait" } } }] },
    refused: { code: "parameter_unknown", param: "line_items[0][price_data][product_data][title]" },
  },
  {
    name: "a required parameter missing deep inside",
    method: "POST",
    path: sessions,
    form: { line_items: [{ price_data: { unit_amount: "100", product: "prod_1" } }] },
    refused: { code: "parameter_missing", param: "line_items[0][price_data][currency]" },
  },
  {
    name: "a required parameter missing behind a union",
    method: "POST",
    path: intents,
    form: { ...intent, payment_method_options: { card: { three_d_secure: { version: "2.2.0" }, capture: "manual" } } },
    refused: { code: "parameter_missing", param: "payment_method_options[card][three_d_secure][cryptogram]" },
  },
  {
    name: "a mode that does not exist",
    method: "POST",
    path: sessions,
    form: { ...session, mode: "instalments" },
    refused: { code: "parameter_invalid", param: "mode" },
  },
  {
    name: "lines that are no array",
    method: "POST",
    path: sessions,
    form: { ...session, line_items: "price_1" },
    refused: { code: "parameter_invalid", param: "line_items" },
  },
  {
    name: "an empty URL",
    method: "POST",
    path: sessions,
    form: { ...session, success_url: "" },
    refused: { code: "parameter_invalid_empty", param: "success_url" },
  },
  {
    name: "an amount with a fraction",
    method: "POST",
    path: intents,
    form: { ...intent, amount: "10.5" },
    refused: { code: "parameter_invalid_integer", param: "amount" },
  },
  {
    name: "an amount that is no number",
    method: "POST",
    path: intents,
    form: { ...intent, amount: "NaN" },
    refused: { code: "parameter_invalid_integer", param: "amount" },
  },
  {
    name: "no currency",
    method: "POST",
    path: intents,
    form: { amount: "10000" },
    refused: { code: "parameter_missing", param: "currency" },
  },
  {
    name: "a boolean in capitals",
    method: "POST",
    path: intents,
    form: { ...intent, confirm: "True" },
    refused: { code: "parameter_invalid", param: "confirm" },
  },
  {
    name: "an unknown capture method",
    method: "POST",
    path: intents,
    form: { ...intent, capture_method: "later" },
    refused: { code: "parameter_invalid", param: "capture_method" },
  },
  {
    name: "metadata as text",
    method: "POST",
    path: intents,
    form: { ...intent, metadata: "offer-1" },
    refused: { code: "parameter_invalid", param: "metadata" },
  },
  {
    name: "metadata inside metadata",
    method: "POST",
    path: intents,
    form: { ...intent, metadata: { offer: { id: "offer-1" } } },
    refused: { code: "parameter_invalid", param: "metadata[offer]" },
  },
  {
    name: "a capture under another name",
    method: "POST",
    path: `${intents}/pi_1/capture`,
    form: { amount: "500" },
    refused: { code: "parameter_unknown", param: "amount" },
  },
  {
    name: "dest for destination",
    method: "POST",
    path: "/v1/transfers",
    form: { amount: "10000", currency: "eur", dest: "acct_1" },
    refused: { code: "parameter_unknown", param: "dest" },
  },
  {
    name: "a transfer to nobody",
    method: "POST",
    path: "/v1/transfers",
    form: { amount: "10000", currency: "eur" },
    refused: { code: "parameter_missing", param: "destination" },
  },
  {
    name: "reverse_transfers for reverse_transfer",
    method: "POST",
    path: "/v1/refunds",
    form: { charge: "ch_1", reverse_transfers: "true" },
    refused: { code: "parameter_unknown", param: "reverse_transfers" },
  },
  {
    name: "a reason that only Stripe itself gives",
    method: "POST",
    path: "/v1/refunds",
    form: { charge: "ch_1", reason: "expired_uncaptured_charge" },
    refused: { code: "parameter_invalid", param: "reason" },
  },
  {
    name: "a parameter of a refund on a reversal",
    method: "POST",
    path: "/v1/transfers/tr_1/reversals",
    form: { reverse_transfer: "true" },
    refused: { code: "parameter_unknown", param: "reverse_transfer" },
  },
  {
    name: "a link for nobody",
    method: "POST",
    path: "/v1/account_links",
    form: { type: "account_onboarding" },
    refused: { code: "parameter_missing", param: "account" },
  },
  {
    name: "an unknown kind of link",
    method: "POST",
    path: "/v1/account_links",
    form: { account: "acct_1", type: "onboarding" },
    refused: { code: "parameter_invalid", param: "type" },
  },
  {
    name: "an unknown capability",
    method: "POST",
    path: "/v1/accounts",
    form: { capabilities: { teleport: { requested: "true" } } },
    refused: { code: "parameter_unknown", param: "capabilities[teleport]" },
  },
  {
    name: "a range with an unknown bound",
    method: "GET",
    path: "/v1/events",
    form: { created: { after: "1790000000" } },
    refused: { code: "parameter_unknown", param: "created[after]" },
  },
  {
    name: "a moment that is none",
    method: "GET",
    path: "/v1/events",
    form: { created: "yesterday" },
    refused: { code: "parameter_invalid_integer", param: "created" },
  },
  {
    name: "a filter that the list does not have",
    method: "GET",
    path: "/v1/transfers",
    form: { source_transaction: "ch_1" },
    refused: { code: "parameter_unknown", param: "source_transaction" },
  },
  {
    name: "a name that every object inherits",
    method: "POST",
    path: intents,
    form: { ...intent, constructor: "1" },
    refused: { code: "parameter_unknown", param: "constructor" },
  },
];

/** Requests that Stripe accepts, and requests that it refuses because of their parameters' names or types. */
export const probes: Probe[] = [...accepted, ...refused];
