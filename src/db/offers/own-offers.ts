import { and, eq, gt, isNotNull, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import type { OfferState } from "../../domain/offers/offer";
import { type CreatedRange, type CursorPage, isIdCreatedIn, type Part } from "../cursor-page";
import type { Database } from "../database";
import { lookThrough, readLooked } from "../look-through";
import { offers, payouts, testimonies } from "../schema";
import type { Offer, Payout, Testimony } from "./testimonies";

/** The filters of a list of offers. */
export interface OfferFilter extends CreatedRange {
  state?: OfferState | undefined;
  /** The moment at which an offer has this state. */
  nowMs: number;
}

/** The part of a payout that its expert may know. */
export type OwnPayout = Pick<
  Payout,
  "id" | "state" | "currency" | "amountMinor" | "nettedMinor" | "loweredMinor" | "sentMinor" | "reversedMinor" | "holds"
>;

/** An expert's offer with the state of its testimony, and the payout if the offer was accepted. */
export interface OwnOffer {
  offer: Offer;
  testimonyState: Testimony["state"];
  payout: OwnPayout | null;
}

/** Reads a page of an expert's offers, by cursor. Returns undefined if it is no offer of theirs. */
export async function pageOfOwnOffers(
  db: Database,
  expertId: string,
  filter: OfferFilter,
  page: CursorPage,
): Promise<Part<OwnOffer> | undefined> {
  const { id, testimonyId, createdAt, acceptedAt } = offers;
  const isOwn = eq(offers.expertId, expertId);
  const isItsPayout = and(
    eq(payouts.testimonyId, testimonyId),
    eq(payouts.expertId, offers.expertId),
    isNotNull(acceptedAt),
  );
  const looking = {
    key: [id],
    owned: and(isOwn, isIdCreatedIn(id, createdAt, filter)),
    matches: filter.state && isOfState(filter.state, filter.nowMs),
    joined: [
      { table: testimonies, on: eq(testimonies.id, testimonyId) },
      { table: payouts, on: isItsPayout, isOptional: true },
    ],
  };
  const testimonyState = sql`${testimonies.state}`.as("testimony_state");
  const fields = { offer: offers, testimonyState, payout: payoutFields };
  const rows = lookThrough<typeof offers, OwnOfferRow>(db, offers, page, looking, fields);
  const named = (name: string) =>
    db
      .select({ id })
      .from(offers)
      .where(and(eq(id, name), isOwn));
  const part = await readLooked<OwnOfferRow>(db, page, { named, rows }, ({ offer }) => offer.id);
  return part && { ...part, rows: part.rows.map(toOwn) };
}

type OwnOfferRow = Omit<OwnOffer, "payout"> & { payout: OwnPayout | { id: null } };

function toOwn({ payout, ...row }: OwnOfferRow): OwnOffer {
  return { ...row, payout: payout.id === null ? null : payout };
}

/** Each has a name of its own, because a batch returns columns of the same name as one. */
const payoutFields = {
  id: sql`${payouts.id}`.as("payout_id"),
  state: sql`${payouts.state}`.as("payout_state"),
  currency: sql`${payouts.currency}`.as("payout_currency"),
  amountMinor: sql`${payouts.amountMinor}`.as("payout_amount"),
  nettedMinor: sql`${payouts.nettedMinor}`.as("payout_netted"),
  loweredMinor: sql`${payouts.loweredMinor}`.as("payout_lowered"),
  sentMinor: sql`${payouts.sentMinor}`.as("payout_sent"),
  reversedMinor: sql`${payouts.reversedMinor}`.as("payout_reversed"),
  holds: sql`${payouts.holds}`.mapWith(payouts.holds).as("payout_holds"),
};

function isOfState(state: OfferState, nowMs: number): SQL | undefined {
  const { acceptedAt, withdrawnAt, validUntil } = offers;
  if (state === "accepted") return isNotNull(acceptedAt);
  if (state === "withdrawn") return and(isNull(acceptedAt), isNotNull(withdrawnAt));
  const isOpen = and(isNull(acceptedAt), isNull(withdrawnAt));
  return and(isOpen, state === "expired" ? lte(validUntil, nowMs) : or(isNull(validUntil), gt(validUntil, nowMs)));
}
