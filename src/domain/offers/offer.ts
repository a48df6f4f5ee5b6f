import { isOver } from "./validity";

/** The states of an offer as they are shown. One that another offer was preferred to stays open; `expired` is an open one whose time is over. */
export const offerStates = ["open", "accepted", "withdrawn", "expired"] as const;
export type OfferState = (typeof offerStates)[number];

/** Returns the state of an offer at a moment. */
export function offerState(
  offer: { acceptedAt: number | null; withdrawnAt: number | null; validUntil: number | null },
  nowMs: number,
): OfferState {
  if (offer.acceptedAt !== null) return "accepted";
  if (offer.withdrawnAt !== null) return "withdrawn";
  return isOver(offer, nowMs) ? "expired" : "open";
}
