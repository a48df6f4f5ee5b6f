import type Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { onAccount } from "./on-account";
import { findInList, type PageRequest, type Sought } from "./read-list";

/** A customer to be made for a shopper: on a connected account, or on the platform, whose account id is empty. */
export interface CustomerOrder {
  userId: string;
  stripeAccountId: string;
}

export interface CustomerFacts {
  id: string;
}

/**
 * Makes the shopper's customer. It contains only our id of the shopper: names and addresses stay with the developer.
 */
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

/** Reads a customer with the shopper's id that we gave it. The value is undefined if it was deleted. */
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

/** Looks for the customer of a shopper whose creation has an unknown outcome. */
export async function findCustomer(
  stripe: StripeGateway,
  { userId, stripeAccountId }: CustomerOrder,
  start: ListPosition,
): Promise<Sought<CustomerFacts>> {
  const request: PageRequest<Stripe.Customer> = (sdk, page) => sdk.customers.list(page, onAccount(stripeAccountId));
  const sought = await findInList(stripe, request, start, ({ metadata }) => metadata.user_id === userId);
  return { ...sought, found: sought.found && { id: sought.found.id } };
}
