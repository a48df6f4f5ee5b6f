import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { onAccount } from "./on-account";

/** A customer to be made for a shopper: on a connected account, or on the platform, whose account id is empty. */
export interface CustomerOrder {
  userId: string;
  stripeAccountId: string;
}

export interface CustomerFacts {
  id: string;
}

/** Makes the shopper's customer. It knows the shopper by our id only: names and addresses stay with the developer. */
export async function createCustomer(
  stripe: StripeGateway,
  { userId, stripeAccountId }: CustomerOrder,
  key: string,
): Promise<StripeOutcome<CustomerFacts>> {
  const options = { ...onAccount(stripeAccountId), idempotencyKey: key };
  const outcome = await stripe.call<Stripe.Customer>("customer", (sdk) =>
    sdk.customers.create({ metadata: { user_id: userId } }, options),
  );
  return outcome.ok ? { ok: true, value: { id: outcome.value.id } } : outcome;
}

/** Whose customer this is, by the id that we gave it; undefined for one that was deleted. */
export async function retrieveCustomer(
  stripe: StripeGateway,
  { id, stripeAccountId }: { id: string; stripeAccountId: string },
): Promise<StripeOutcome<(CustomerFacts & { userId: string | undefined }) | undefined>> {
  const outcome = await stripe.call<Stripe.Customer | Stripe.DeletedCustomer>("customer", (sdk) =>
    sdk.customers.retrieve(id, {}, onAccount(stripeAccountId)),
  );
  if (!outcome.ok) return outcome.failure.kind === "not_found" ? { ok: true, value: undefined } : outcome;
  if (outcome.value.deleted) return { ok: true, value: undefined };
  return { ok: true, value: { id, userId: outcome.value.metadata.user_id } };
}

/** A platform makes many customers: the look stays near the sending. One that is missed is empty, and does no harm. */
const lookSeconds = 60 * 60;

/** Looks for the customer of a shopper whose creation has an unknown outcome. Undefined: Stripe has none. */
export async function findCustomer(
  stripe: StripeGateway,
  { userId, stripeAccountId }: CustomerOrder,
  sinceSeconds: number,
): Promise<StripeOutcome<CustomerFacts | undefined>> {
  const created = { gte: sinceSeconds, lte: sinceSeconds + lookSeconds };
  const listed = await stripe.list<Stripe.Customer>(
    (sdk, page) => sdk.customers.list({ ...page, created }, onAccount(stripeAccountId)),
    100,
  );
  if (!listed.ok) return listed;
  const found = listed.value.find(({ metadata }) => metadata.user_id === userId);
  return { ok: true, value: found && { id: found.id } };
}
