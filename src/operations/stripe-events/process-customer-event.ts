import type { StoredEvent } from "../../db/stripe-events";
import { isId } from "../../domain/id";
import type { Deps } from "../deps";
import { objectOf } from "./event-object";
import { performForEvent } from "./perform-for-event";

/**
 * Processes the deletion of a customer. The metadata names our shopper by our id, which only chooses the row to check:
 * Stripe is asked about the customer that we remember. Returns the shopper's id.
 */
export async function processCustomerEvent(deps: Deps, event: StoredEvent): Promise<string | undefined> {
  const userId = objectOf(event).metadata?.user_id;
  if (!userId || !isId(userId)) return undefined;
  await performForEvent(deps, {
    name: "check-customer",
    input: { userId, stripeAccountId: event.account ?? "" },
  });
  return userId;
}
