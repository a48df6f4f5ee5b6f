import {
  insertOffer,
  loadTestimony,
  type Offer,
  type TestimonyAggregate,
  updateTestimony,
} from "../../db/offers/testimonies";
import type { User } from "../../db/offers/users";
import { chargeRange } from "../../domain/currency";
import { bucketOf } from "../../domain/id";
import type { Known } from "../../domain/known";
import { step } from "../../domain/machine";
import { formatDecimal, offersCurrency } from "../../domain/money";
import { highestPrice } from "../../domain/offers/commission";
import { isOfferableTo, testimonyMachine } from "../../domain/offers/testimony";
import { isValidEnd } from "../../domain/offers/validity";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Recall } from "../operation";

/** `caller` is the user that the token belongs to, and becomes part of the answer. */
interface NewOffer extends Known<TestimonyAggregate> {
  testimonyId: string;
  caller: User;
  priceMinor: number;
  deliveryDays: number;
  notes: string | null;
  /** Milliseconds; null, or left out by a Worker from before, if the offer has no end. */
  validUntil?: number | null;
}

interface Created {
  offer: Offer;
  expert: User;
}

/** The expert's notes are in the request, and the expert is who asks. */
export const recallOffer: Recall<NewOffer, Created> = {
  keep: ({ offer: { notes: _, ...offer } }) => ({ offer }),
  again: ({ offer }, { caller, notes }) => ({ offer: { ...offer, notes }, expert: caller }),
};

/** Adds an expert's offer: one live offer per expert and testimony; the first makes the testimony `offered`. */
export async function createOffer(
  deps: Deps,
  { testimonyId, caller, priceMinor, deliveryDays, notes, validUntil = null, known }: NewOffer,
): Promise<Result<Created>> {
  // Refused at once: a payment page for more than Stripe charges could never be opened.
  const { commissionBasisPoints } = deps.settings;
  const mostMinor = highestPrice(chargeRange(offersCurrency)?.maxMinor ?? 0, commissionBasisPoints);
  if (priceMinor > mostMinor) return refuse("price_refused", formatDecimal(mostMinor, 2));
  if (validUntil !== null && !isValidEnd(validUntil, deps.nowMs())) return refuse("validity_refused");
  const aggregate = known ?? (await loadTestimony(deps.db, testimonyId));
  if (!aggregate) return refuse("testimony_unknown");
  const { testimony } = aggregate;
  if (!isOfferableTo(testimony.region, caller.regions ?? [])) return refuse("region_foreign");
  if (!step(testimonyMachine, "create-offer", testimony.state, "expert")) return refuse("state_wrong");
  const isLive = aggregate.offers.some((offer) => offer.expertId === caller.id && offer.withdrawnAt === null);
  if (isLive) return refuse("offer_exists");

  const offer: Offer = {
    testimonyId,
    id: deps.newId(bucketOf(testimonyId)),
    expertId: caller.id,
    priceMinor,
    commissionBasisPoints,
    deliveryDays,
    notes,
    validUntil,
    acceptedAt: null,
    withdrawnAt: null,
    createdAt: deps.nowMs(),
  };
  const answer = success({ offer, expert: caller });
  const becomesOffered =
    testimony.state === "pending" ? [updateTestimony(deps.db, testimonyId, { state: "offered" })] : [];
  await appendChange(deps, aggregate, {
    name: "create-offer",
    actor: "expert",
    data: { offerId: offer.id, expertId: caller.id, priceMinor },
    rows: [insertOffer(deps.db, offer, deps.settings.openRows.offers), ...becomesOffered],
    events: [
      {
        type: "offer.created",
        data: {
          ...{ testimonyId, offerId: offer.id, expertId: caller.id },
          ...{ currency: offersCurrency, priceMinor, deliveryDays },
        },
        to: { client: testimony.clientId },
        onlyIfHeard: true, // offers are many, and most are not chosen
      },
    ],
    answer,
  });
  return answer;
}
