import { env, exports } from "cloudflare:workers";
import Stripe from "stripe";

/** Returns the real SDK, connected to the emulator. */
export function connect(options: { timeout?: number; maxNetworkRetries?: number; key?: string } = {}): Stripe {
  return new Stripe(options.key ?? "sk_test_sandbox", {
    httpClient: Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) =>
      env.STRIPE.fetch(url, init),
    ),
    timeout: options.timeout ?? 400,
    maxNetworkRetries: options.maxNetworkRetries ?? 0,
    telemetry: false,
  });
}

export function visit(path: string, init?: RequestInit): Promise<Response> {
  return exports.default.fetch(new Request(`http://localhost${path}`, { redirect: "manual", ...init }));
}

// biome-ignore lint/suspicious/noExplicitAny: the controls answer with JSON of many shapes
export async function control(method: string, path: string, body?: object): Promise<any> {
  const response = await visit(`/sandbox/control/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  const answer = await response.json();
  return response.ok ? answer : { status: response.status, ...(answer as object) };
}

export function advance(advanceSeconds: number) {
  return control("POST", "clock", { advanceSeconds });
}

/** Sends the form of a session's page. */
export function submit(
  session: Pick<Stripe.Checkout.Session, "id">,
  fields: Record<string, string>,
): Promise<Response> {
  return visit(`/sandbox/checkout/${session.id}`, { method: "POST", body: new URLSearchParams(fields) });
}

export const CARD = "4242424242424242";

export function sessionOf(stripe: Stripe, overrides: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [
      { price_data: { currency: "eur", unit_amount: 10_000, product_data: { name: "Translation" } }, quantity: 1 },
      { price_data: { currency: "eur", unit_amount: 2100, product_data: { name: "Commission" } }, quantity: 1 },
    ],
    success_url: "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
    cancel_url: "https://shop.example/cancelled",
    metadata: { offer: "o-1" },
    payment_intent_data: { metadata: { offer: "o-1" }, transfer_group: "t-1" },
    ...overrides,
  });
}

/** Makes a session paid with the given card, and returns its charge. */
export async function paid(
  stripe: Stripe,
  cardNumber = CARD,
): Promise<{ session: Stripe.Checkout.Session; charge: Stripe.Charge }> {
  const { id } = await sessionOf(stripe);
  await submit({ id }, { cardNumber });
  const session = await stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent.latest_charge"] });
  return { session, charge: (session.payment_intent as Stripe.PaymentIntent).latest_charge as Stripe.Charge };
}

/** Makes an account that has completed onboarding. */
export async function onboarded(stripe: Stripe, given: Stripe.AccountCreateParams = {}): Promise<string> {
  const { id } = await stripe.accounts.create({
    country: "NL",
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    ...given,
  });
  const link = await stripe.accountLinks.create({
    account: id,
    type: "account_onboarding",
    return_url: "https://shop.example/back",
    refresh_url: "https://shop.example/again",
  });
  await visit(new URL(link.url).pathname, { method: "POST", body: new URLSearchParams({ complete: "yes" }) });
  return id;
}

/** Makes an onboarded account that takes payments, with the platform liable for fees and losses. */
export function seller(stripe: Stripe, feePayer: "account" | "application" = "application"): Promise<string> {
  return onboarded(stripe, {
    country: "US",
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    controller: {
      fees: { payer: feePayer },
      losses: { payments: "application" },
      stripe_dashboard: { type: "express" },
    },
  });
}

/** Lists the types of an account's events, oldest first. */
export async function eventTypes(stripe: Stripe, stripeAccount?: string): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 }, stripeAccount === undefined ? {} : { stripeAccount });
  return data.map(({ type }) => type as string).reverse();
}
