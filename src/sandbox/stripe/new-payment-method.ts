import type Stripe from "stripe";
import { newId } from "../core/id";
import type { World } from "../core/world";
import { bankAccountOf } from "./bank-debits";
import type { TestMethod } from "./test-methods";

/** The emulator's record of a payment method. */
export interface RememberedMethod extends Record<string, unknown> {
  method: TestMethod;
  /** Whether it was used or detached: without a customer it may not be used again. */
  isSpent: boolean;
  /** Whether it was set up for later use: then the bank does not ask again, unless the card always asks. */
  isSetUp: boolean;
  /** The holder's mandate for a bank account; null if there is none, and for a card. */
  mandate: string | null;
}

export const NO_BILLING: Stripe.PaymentMethod.BillingDetails = {
  address: null,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

/** Makes a PaymentMethod that behaves as the test number does. */
export function newPaymentMethod(
  world: World,
  account: string,
  method: TestMethod,
  given: Pick<Partial<Stripe.PaymentMethod>, "billing_details" | "metadata" | "allow_redisplay"> = {},
): Stripe.PaymentMethod {
  const object: Stripe.PaymentMethod = {
    id: newId("pm_"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: NO_BILLING,
    ...(method.type === "card" ? { card: cardOf(method) } : bankAccountOf(method, method.type)),
    created: world.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: method.type,
    ...given,
  };
  world.insert("payment_method", account, object, {
    method,
    isSpent: false,
    isSetUp: false,
    mandate: null,
  } satisfies RememberedMethod);
  return object;
}

function cardOf(method: TestMethod): Stripe.PaymentMethod.Card {
  return {
    brand: method.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: method.country,
    display_brand: method.brand,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: method.fingerprint,
    funding: method.funding,
    generated_from: null,
    last4: method.last4,
    networks: { available: [method.brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

export function rememberedMethod(world: World, id: string): RememberedMethod {
  return world.objects.hidden(id) as RememberedMethod;
}

export function rememberMethod(world: World, id: string, facts: Partial<RememberedMethod>): void {
  world.objects.setHidden(id, { ...rememberedMethod(world, id), ...facts });
}
