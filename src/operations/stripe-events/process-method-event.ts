import { selectMethodOwner } from "../../db/payments/payment-methods";
import type { StoredEvent } from "../../db/stripe-events";
import type { Deps } from "../deps";
import { performForEvent } from "./perform-for-event";

/** Processes an event about a shopper's stored payment method: Stripe is asked about it. Returns the shopper's id. */
export async function processMethodEvent(
  deps: Deps,
  { objectId }: Pick<StoredEvent, "objectId">,
): Promise<string | undefined> {
  const [[owner]] = await deps.db.batch([selectMethodOwner(deps.db, objectId)]);
  if (!owner) return undefined;
  await performForEvent(deps, {
    name: "check-payment-method",
    input: { userId: owner.aggregateId, id: owner.subjectId },
  });
  return owner.aggregateId;
}
