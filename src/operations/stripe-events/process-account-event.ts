import { selectConnectedAccount } from "../../db/payments/connected-accounts";
import type { StoredEvent } from "../../db/stripe-events";
import { selectOwners } from "../../db/stripe-objects";
import type { Deps } from "../deps";
import { performForEvent } from "./perform-for-event";

/**
 * Processes an event about a connected account of a developer or an expert: the account is checked at Stripe. The
 * account is the one that Stripe sends the event for; an event whose object is another account is ignored. Returns the
 * aggregate's id.
 */
export async function processAccountEvent(
  deps: Deps,
  event: Pick<StoredEvent, "type" | "account" | "objectId">,
): Promise<string | undefined> {
  const stripeId = event.account ?? event.objectId;
  if (event.type === "account.updated" && event.objectId !== stripeId) return undefined;
  const [[connected], [owner]] = await deps.db.batch([
    selectConnectedAccount(deps.db, stripeId),
    selectOwners(deps.db, [stripeId]),
  ]);
  if (connected) {
    await performForEvent(deps, { name: "check-connected-account", input: { id: connected.account.id } });
    return connected.account.id;
  }
  if (!owner) return undefined;
  await performForEvent(deps, { name: "check-payout-account", input: { userId: owner.subjectId } });
  return owner.aggregateId;
}
