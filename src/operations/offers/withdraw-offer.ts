import { loadTestimony, updateOffer } from "../../db/offers/testimonies";
import { step } from "../../domain/machine";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { closeSessions } from "./checkout-session";

/** Withdraws an expert's own offer. Its open sessions are expired; one that is paid meanwhile is refunded. */
export async function withdrawOffer(
  deps: Deps,
  { testimonyId, offerId, userId, known }: FollowUps["withdraw-offer"],
): Promise<Result<null>> {
  const aggregate = known ?? (await loadTestimony(deps.db, testimonyId));
  const offer = aggregate?.offers.find((one) => one.id === offerId);
  if (!aggregate || !offer) return refuse("offer_unknown");
  if (offer.expertId !== userId) return refuse("not_yours");
  const isOpen = offer.withdrawnAt === null && offer.acceptedAt === null;
  if (!isOpen || !step(testimonyMachine, "withdraw-offer", aggregate.testimony.state, "expert")) {
    return refuse("state_wrong");
  }
  const closing = closeSessions(deps, aggregate, (checkout) => checkout.offerId === offerId);
  await appendChange(deps, aggregate, {
    name: "withdraw-offer",
    actor: "expert",
    data: { offerId },
    rows: [updateOffer(deps.db, offer, { withdrawnAt: deps.nowMs() }), ...closing.rows],
    events: [
      {
        type: "offer.withdrawn",
        data: { testimonyId, offerId, expertId: offer.expertId },
        to: { client: aggregate.testimony.clientId },
      },
    ],
    answer: done,
  });
  await deps.enqueueCommands(closing.next);
  return done;
}
