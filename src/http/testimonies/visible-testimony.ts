import type { Offer, Testimony } from "../../db/testimonies";
import type { User } from "../../db/users";
import type { Refusal } from "../../domain/refusal";
import { isOfferableTo } from "../../domain/testimony";

/** A testimony as the first look finds it. */
export interface TestimonyFound {
  testimony: Testimony;
  offers: Offer[];
}

/** Takes the rows of the first look; refuses when there is none. */
export function findTestimony([testimony]: readonly Testimony[], offers: Offer[]): TestimonyFound | Refusal {
  return testimony ? { testimony, offers } : "testimony_unknown";
}

/** Who sees a testimony: the owner always; experts while they may still offer, and those who offered or were assigned. */
export function permitReading(caller: User, { testimony, offers }: TestimonyFound): Refusal | undefined {
  if (testimony.clientId === caller.id || testimony.expertId === caller.id) return undefined;
  if (offers.some((offer) => offer.expertId === caller.id)) return undefined;
  const isOpen = testimony.state === "pending" || testimony.state === "offered";
  const isReachable = caller.role === "expert" && isOfferableTo(testimony.region, caller.regions ?? []);
  return isOpen && isReachable ? undefined : "not_yours";
}

/** Only the client who asked. */
export function permitOwner(caller: User, { testimony }: { testimony: Testimony }): Refusal | undefined {
  return testimony.clientId === caller.id ? undefined : "not_yours";
}
