/** The states of an offer as they are shown. One that another offer was preferred to stays open. */
export const offerStates = ["open", "accepted", "withdrawn"] as const;
export type OfferState = (typeof offerStates)[number];

/** Returns the state of an offer. */
export function offerState({
  acceptedAt,
  withdrawnAt,
}: {
  acceptedAt: number | null;
  withdrawnAt: number | null;
}): OfferState {
  if (acceptedAt !== null) return "accepted";
  return withdrawnAt === null ? "open" : "withdrawn";
}
