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
