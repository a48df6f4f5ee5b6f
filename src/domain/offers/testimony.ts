import type { Actor, Machine } from "../machine";

/** The states in which a testimony is stored. */
export const storedTestimonyStates = ["pending", "offered", "accepted", "completed", "cancelled"] as const;

/** The states of a testimony; `new` is the state of a testimony that does not exist yet. */
export const testimonyStates = ["new", ...storedTestimonyStates] as const;
export type TestimonyState = (typeof testimonyStates)[number];

export type TestimonyTransition =
  | "create-testimony"
  | "create-offer"
  | "withdraw-offer"
  | "start-checkout"
  | "accept-offer"
  | "cancel-testimony"
  | "complete-testimony"
  | "refund-testimony";

type Effect =
  | "expire-other-sessions"
  | "pay-expert"
  | "tell-client"
  | "tell-expert"
  | "announce"
  | "return-payment"
  | "recover-payout";

/**
 * The transitions of a testimony. Any other pair of state and transition is refused and writes nothing
 * (src/guides/decisions.md#offers).
 */
export const testimonyMachine = {
  "create-testimony": { actors: ["client"], from: ["new"], to: "pending", effects: [] },
  "create-offer": { actors: ["expert"], from: ["pending", "offered"], to: "offered", effects: ["tell-client"] },
  "withdraw-offer": {
    actors: ["expert"],
    from: ["offered"],
    to: "offered",
    effects: ["expire-other-sessions", "tell-client"],
  },
  "start-checkout": { actors: ["client"], from: ["offered"], to: "offered", effects: [] },
  "accept-offer": {
    actors: ["client", "stripe", "clock"],
    from: ["offered"],
    to: "accepted",
    effects: ["expire-other-sessions", "pay-expert", "tell-client", "tell-expert", "announce"],
  },
  "cancel-testimony": {
    actors: ["client"],
    from: ["pending", "offered"],
    to: "cancelled",
    effects: ["expire-other-sessions", "tell-client", "announce"],
  },
  "complete-testimony": {
    actors: ["expert"],
    from: ["accepted"],
    to: "completed",
    effects: ["tell-client", "tell-expert", "announce"],
  },
  "refund-testimony": {
    actors: ["operator"],
    from: ["accepted", "completed"],
    to: "cancelled",
    effects: ["recover-payout", "return-payment", "tell-client", "tell-expert", "announce"],
  },
} as const satisfies Machine<TestimonyTransition, TestimonyState, Actor, Effect>;

/** The purposes of a testimony. */
export const purposes = [
  "mortgage",
  "inheritance",
  "construction",
  "settlement",
  "coownership",
  "noncash",
  "enforcement",
  "auction",
  "transfer",
  "business",
  "easement",
] as const;

/** The types of real estate. */
export const realEstateTypes = ["apartment", "commercial", "house", "recreational", "land", "garage", "other"] as const;

/** The Slovak regions, by their official abbreviations. */
export const regions = ["ba", "bb", "ke", "nr", "po", "tn", "tt", "za"] as const;

/**
 * Tells whether an expert may make an offer: a testimony without a region is open to every expert, one with a region to
 * the experts of that region.
 */
export function isOfferableTo(testimonyRegion: string | null, expertRegions: readonly string[]): boolean {
  return testimonyRegion === null || expertRegions.includes(testimonyRegion);
}
