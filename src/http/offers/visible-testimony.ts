import type { Offer, Testimony, TestimonyAggregate } from "../../db/offers/testimonies";
import type { User } from "../../db/offers/users";
import type { Known } from "../../domain/known";
import { isOfferableTo } from "../../domain/offers/testimony";
import type { Refusal } from "../../domain/refusal";

/** A testimony with its offers, as the first read finds them. */
export interface TestimonyFound {
  testimony: Testimony;
  offers: Offer[];
}

/** Takes the rows of the first read; refuses `testimony_unknown` if there is none. */
export function findTestimony([testimony]: readonly Testimony[], offers: Offer[]): TestimonyFound | Refusal {
  return testimony ? { testimony, offers } : "testimony_unknown";
}

/**
 * Hands over a testimony that was read with the credential. While a call to Stripe is pending it is read once more,
 * because each attempt at the call changes the call alone.
 */
export function handOver(aggregate: TestimonyAggregate): Known<TestimonyAggregate> {
  return aggregate.openEffects.length === 0 ? { known: aggregate } : {};
}

/**
 * Permits reading a testimony: to the owner always; to experts while they may still offer, and to those who offered or
 * were assigned.
 */
export function permitReading(caller: User, { testimony, offers }: TestimonyFound): Refusal | undefined {
  if (testimony.clientId === caller.id || testimony.expertId === caller.id) return undefined;
  if (offers.some((offer) => offer.expertId === caller.id)) return undefined;
  const isOpen = testimony.state === "pending" || testimony.state === "offered";
  const isReachable = caller.role === "expert" && isOfferableTo(testimony.region, caller.regions ?? []);
  return isOpen && isReachable ? undefined : "not_yours";
}

/** Permits an action to the testimony's client only. */
export function permitOwner(caller: User, { testimony }: { testimony: Testimony }): Refusal | undefined {
  return testimony.clientId === caller.id ? undefined : "not_yours";
}
