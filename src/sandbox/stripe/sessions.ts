import type Stripe from "stripe";
import { refuseUncarried, smallestMinor } from "../core/currency-rules";
import { newId } from "../core/id";
import { list } from "../core/list";
import type { Parameters } from "../core/parameters";
import { invalid, refused } from "../core/refusal";
import type { World } from "../core/world";
import { type Call, type Handler, pathId } from "./call";
import { cancelNow } from "./cancel-payment-intent";
import { inWords } from "./intent-parameters";
import { newLineItem } from "./line-items";

const SHORTEST_SECONDS = 30 * 60;
const LONGEST_SECONDS = 24 * 60 * 60;

export interface Payer {
  name: string | null;
  email: string | null;
}

/** The members that a session passes on to its PaymentIntent, which is made when somebody pays. */
export interface IntentData {
  metadata: Record<string, string>;
  description: string | null;
  transfer_group: string | null;
  receipt_email: string | null;
  capture_method: Stripe.PaymentIntent.CaptureMethod;
}

/** `POST /v1/checkout/sessions`, mode payment on the hosted page. */
export const createSession: Handler = (call) => {
  const { world, account, parameters } = call;
  if (parameters.oneOf("mode", ["payment", "setup", "subscription"]) !== "payment") {
    throw invalid("mode", "The sandbox only speaks mode=payment.");
  }
  const successUrl = urlOf(parameters, "success_url");
  if (successUrl === null) {
    throw invalid("success_url", "Missing required param: success_url.", "parameter_missing");
  }
  const items = parameters.items("line_items").map((item) => newLineItem(world, item));
  const total = totalOf(items);
  const email = parameters.email("customer_email");
  const id = newId("cs_test_", 58);
  const session: Stripe.Checkout.Session = {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: total.amountMinor,
    amount_total: total.amountMinor,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: parameters.oneOf("billing_address_collection", ["auto", "required"]),
    cancel_url: urlOf(parameters, "cancel_url"),
    client_reference_id: parameters.text("client_reference_id"),
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: world.now(),
    currency: total.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_account: null,
    customer_creation: "if_required",
    customer_details: email === null ? null : customerDetails({ email, name: null }),
    customer_email: email,
    discounts: [],
    expires_at: expiryOf(parameters, world.now()),
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: parameters.text("locale"),
    managed_payments: null,
    metadata: parameters.metadata(),
    mode: "payment",
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card", "sepa_debit"],
    payment_status: "unpaid",
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: parameters.text("submit_type"),
    subscription: null,
    success_url: successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: `${world.origin()}/sandbox/checkout/${id}`,
    wallet_options: null,
  };
  world.insert("checkout.session", account, session, { intent: intentData(parameters.child("payment_intent_data")) });
  for (const item of items) {
    world.insert("item", account, item, {});
    world.objects.replace(item.id, { ...item, session: id });
  }
  world.due.add(session.expires_at, "expire_session", id);
  return session;
};

/** Returns what is known of the person who pays. */
export function customerDetails({ email, name }: Payer): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: "none",
    tax_ids: null,
  };
}

function urlOf(parameters: Parameters, name: string): string | null {
  const url = parameters.text(name);
  if (url !== null && !/^https?:\/\/[^\s]+$/.test(url)) {
    throw invalid(name, "Not a valid URL", "url_invalid");
  }
  return url;
}

function totalOf(items: readonly Stripe.LineItem[]): { currency: string; amountMinor: number } {
  const currency = items[0]?.currency;
  if (currency === undefined) {
    throw invalid("line_items", "Missing required param: line_items.", "parameter_missing");
  }
  if (items.some((item) => item.currency !== currency)) {
    throw invalid("line_items", "All prices of a Checkout Session must use the same currency.");
  }
  const amountMinor = items.reduce((sum, item) => sum + item.amount_total, 0);
  const smallest = smallestMinor(currency);
  if (amountMinor < smallest) {
    throw invalid(
      undefined,
      `The Checkout Session's total amount due must add up to at least ${inWords(smallest, currency)}`,
      "amount_too_small",
    );
  }
  refuseUncarried(amountMinor, currency, "line_items");
  return { currency, amountMinor };
}

function expiryOf(parameters: Parameters, nowSeconds: number): number {
  const expiresAt = parameters.integer("expires_at") ?? nowSeconds + LONGEST_SECONDS;
  const beyond = (bound: string) =>
    invalid("expires_at", `The \`expires_at\` timestamp must be ${bound} from Checkout Session creation.`);
  if (expiresAt < nowSeconds + SHORTEST_SECONDS) throw beyond("at least 30 minutes");
  if (expiresAt > nowSeconds + LONGEST_SECONDS) throw beyond("less than 24 hours");
  return expiresAt;
}

function intentData(parameters: Parameters): IntentData {
  return {
    metadata: parameters.metadata(),
    description: parameters.text("description"),
    transfer_group: parameters.text("transfer_group"),
    receipt_email: parameters.email("receipt_email"),
    capture_method: parameters.oneOf("capture_method", ["automatic", "automatic_async", "manual"]) ?? "automatic_async",
  };
}

export const retrieveSession: Handler = (call) =>
  call.world.objects.get("checkout.session", call.account, pathId(call));

export const updateSession: Handler = (call) => {
  const session = call.world.objects.get("checkout.session", call.account, pathId(call));
  const metadata = call.parameters.mergedMetadata(session.metadata);
  return call.world.change("checkout.session", call.account, session.id, { metadata }).object;
};

export const listSessions: Handler = (call) =>
  list(call.world, call.account, "checkout.session", "/v1/checkout/sessions", call.parameters, {
    payment_intent: call.parameters.text("payment_intent"),
    status: call.parameters.text("status"),
    customer: call.parameters.text("customer"),
    "customer_details.email": call.parameters.child("customer_details").text("email"),
  });

/** `POST /v1/checkout/sessions/:id/expire`: only while it is open. */
export const expireSession: Handler = (call) => {
  const session = call.world.objects.get("checkout.session", call.account, pathId(call));
  if (session.status !== "open") {
    throw refused(
      undefined,
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  return expireNow(call.world, call.account, session.id);
};

/** Expires a session at its `expires_at`. */
export function expireSessionWhenDue(world: World, id: string): void {
  const account = world.objects.ownerOf(id) ?? "";
  if (world.objects.find("checkout.session", account, id)?.status === "open") {
    expireNow(world, account, id);
  }
}

function expireNow(world: World, account: string, id: string): Stripe.Checkout.Session {
  const { object } = world.change("checkout.session", account, id, { status: "expired", url: null });
  if (object.payment_intent !== null) {
    cancelNow(world, account, String(object.payment_intent), "automatic");
  }
  world.emit("checkout.session.expired", object, { account });
  return object;
}

/** Returns the line items of a session in the order in which they were given. */
export function lineItemsOf(world: World, account: string, sessionId: string): Stripe.LineItem[] {
  return world.objects.all("item", account, { session: sessionId }).map(withoutSession).reverse();
}

export const listLineItems: Handler = (call: Call) => {
  const id = call.world.objects.get("checkout.session", call.account, pathId(call)).id;
  return includedLineItems(call.world, call.account, id);
};

/** Lists all line items on one page, because a session has at most 100. */
export function includedLineItems(world: World, account: string, id: string): Stripe.ApiList<Stripe.LineItem> {
  return {
    object: "list",
    data: lineItemsOf(world, account, id),
    has_more: false,
    url: `/v1/checkout/sessions/${id}/line_items`,
  };
}

function withoutSession(item: Stripe.LineItem): Stripe.LineItem {
  const { session: _, ...shown } = item as Stripe.LineItem & { session?: string };
  return shown;
}
