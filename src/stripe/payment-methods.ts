import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { onAccount } from "./on-account";

/** The key of a method at Stripe: on a connected account, or on the platform, whose account id is empty. */
export interface MethodKey {
  methodId: string;
  stripeAccountId: string;
}

/** The facts about a payment method that Stripe reports, without its number. */
export interface MethodFacts {
  id: string;
  /** "card", or a type that we do not accept. */
  kind: string;
  customerId: string | null;
  /** The same value for the same card. */
  fingerprint: string | null;
  brand: string | null;
  last4: string | null;
  expMonth: number | null;
  expYear: number | null;
}

/** Reads a method's present facts. */
export async function retrieveMethod(
  stripe: StripeGateway,
  { methodId, stripeAccountId }: MethodKey,
): Promise<StripeOutcome<MethodFacts>> {
  return facts(
    await stripe.call("payment_method", (sdk) => sdk.paymentMethods.retrieve(methodId, {}, onAccount(stripeAccountId))),
  );
}

/** Makes a method of a token, which Stripe accepts once. */
export async function exchangeToken(
  stripe: StripeGateway,
  { token, stripeAccountId }: { token: string; stripeAccountId: string },
  key: string,
): Promise<StripeOutcome<MethodFacts>> {
  const options = { ...onAccount(stripeAccountId), idempotencyKey: key };
  return facts(
    await stripe.call("payment_method", (sdk) => sdk.paymentMethods.create({ type: "card", card: { token } }, options)),
  );
}

/** Attaches a method to a customer of the same account. The bank may be asked, and may decline. */
export async function attachMethod(
  stripe: StripeGateway,
  { methodId, stripeAccountId, customerId }: MethodKey & { customerId: string },
  key: string,
): Promise<StripeOutcome<MethodFacts>> {
  const options = { ...onAccount(stripeAccountId), idempotencyKey: key };
  return facts(
    await stripe.call("payment_method", (sdk) =>
      sdk.paymentMethods.attach(methodId, { customer: customerId }, options),
    ),
  );
}

/** Detaches a method from its customer, for good. */
export async function detachMethod(
  stripe: StripeGateway,
  { methodId, stripeAccountId }: MethodKey,
  key: string,
): Promise<StripeOutcome<MethodFacts>> {
  const options = { ...onAccount(stripeAccountId), idempotencyKey: key };
  return facts(await stripe.call("payment_method", (sdk) => sdk.paymentMethods.detach(methodId, {}, options)));
}

/** Copies a customer's method of the platform onto a connected account, where it pays once. */
export async function cloneMethod(
  stripe: StripeGateway,
  { customerId, methodId, stripeAccountId }: MethodKey & { customerId: string },
  key: string,
): Promise<StripeOutcome<MethodFacts>> {
  const options = { ...onAccount(stripeAccountId), idempotencyKey: key };
  return facts(
    await stripe.call("payment_method", (sdk) =>
      sdk.paymentMethods.create({ customer: customerId, payment_method: methodId }, options),
    ),
  );
}

function facts(outcome: StripeOutcome<Stripe.PaymentMethod>): StripeOutcome<MethodFacts> {
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}

function factsOf({ id, type, customer, card }: Stripe.PaymentMethod): MethodFacts {
  return {
    id,
    kind: type,
    customerId: typeof customer === "string" || customer === null ? customer : customer.id,
    fingerprint: card?.fingerprint ?? null,
    brand: card?.brand ?? null,
    last4: card?.last4 ?? null,
    expMonth: card?.exp_month ?? null,
    expYear: card?.exp_year ?? null,
  };
}
