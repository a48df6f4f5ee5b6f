import { loadTestimony } from "../../db/offers/testimonies";
import { type Result, refuse } from "../../domain/result";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { openCheckout } from "./checkout-session";
import { settleCheckout } from "./settle-checkout";

/**
 * Accepts the offer that a session paid for, at the request of the client who paid, of Stripe's event or of the clock
 * (src/guides/decisions.md#two-ways-to-accept).
 */
export async function acceptOffer(
  deps: Deps,
  { testimonyId, checkoutId, by, known }: FollowUps["accept-offer"],
): Promise<Result<null>> {
  const aggregate = known ?? (await loadTestimony(deps.db, testimonyId));
  const checkout = aggregate?.checkouts.find((one) => one.id === checkoutId);
  if (!aggregate || !checkout) return refuse("session_unknown");
  if (by.actor === "client" && by.userId !== checkout.clientId) return refuse("session_foreign");
  if (checkout.state !== "claimed") return settleCheckout(deps, aggregate, checkout, by.actor);

  // The answer to the session's creation was lost, and the payer is faster than the sweep.
  const opened = await openCheckout(deps, aggregate, checkout, by.actor);
  return opened.ok ? settleCheckout(deps, opened.value.aggregate, opened.value.checkout, by.actor) : opened;
}
