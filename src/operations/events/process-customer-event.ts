import type { StoredEvent } from "../../db/stripe-events";
import { isId } from "../../domain/id";
import type { Deps } from "../deps";
import { objectOf } from "./event-object";
import { performForEvent } from "./perform-for-event";

/**
 * A customer was deleted. Ours know their shopper by our id, which only chooses what to look at: Stripe is asked what
 * became of the one that we remember. Answers the shopper.
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
