import * as z from "zod";
import type { OwnOffer, OwnPayout } from "../../db/offers/own-offers";
import type { User } from "../../db/offers/users";
import { holdReasons, holdSteps, payoutStates, toDo } from "../../domain/offers/payout";
import { storedTestimonyStates } from "../../domain/offers/testimony";
import { forDescription } from "../described";
import { euros, offerObject, toEuros, toOffer } from "./offer-object";
import { timestamp, toTimestamp } from "./timestamp";

const payoutObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      state: z.enum(payoutStates),
      currency: z.string(),
      amount: euros.meta({ description: "The agreed price." }),
      lowered: euros.meta({ description: "What of it will not be paid: it went back to the client, or is lost." }),
      netted: euros.meta({ description: "What of it pays off an earlier debt." }),
      sent: euros.meta({ description: "The transfer to the expert's account." }),
      reversed: euros.meta({ description: "What of the transfer was taken back." }),
      reasons: z.array(z.enum(holdReasons)).meta({ description: "Why it waits; empty unless it is held." }),
      toDo: z.array(z.enum(holdSteps)).meta({ description: "What the expert can do about it." }),
    })
    .meta({ id: "OwnPayout" }),
);

/** An offer as the expert who made it sees it. Of the client's payment they see what the acceptance and payout say. */
export const ownOfferObject = forDescription(() =>
  offerObject
    .extend({
      testimonyId: z.uuid(),
      testimonyState: z.enum(storedTestimonyStates),
      acceptedAt: timestamp.nullable(),
      withdrawnAt: timestamp.nullable(),
      payout: payoutObject.nullable().meta({ description: "From the acceptance on." }),
    })
    .meta({ id: "OwnOffer" }),
);

/** Prints an expert's own offer. */
export function toOwnOffer({ offer, testimonyState, payout }: OwnOffer, expert: User, nowMs: number) {
  const { testimonyId, acceptedAt, withdrawnAt } = offer;
  return {
    ...toOffer(offer, expert, nowMs),
    testimonyId,
    testimonyState,
    acceptedAt: acceptedAt === null ? null : toTimestamp(acceptedAt),
    withdrawnAt: withdrawnAt === null ? null : toTimestamp(withdrawnAt),
    payout: payout && toPayout(payout),
  };
}

function toPayout(payout: OwnPayout): z.infer<typeof payoutObject> {
  const { id, state, currency } = payout;
  const reasons = state === "held" ? payout.holds : [];
  return {
    id,
    state,
    currency,
    amount: toEuros(payout.amountMinor),
    lowered: toEuros(payout.loweredMinor),
    netted: toEuros(payout.nettedMinor),
    sent: toEuros(payout.sentMinor),
    reversed: toEuros(payout.reversedMinor),
    reasons,
    toDo: toDo(reasons),
  };
}
