import { offerById } from "../../db/offers/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { offerParams } from "./parameters";

export const withdrawOffer = defineRoute(offersDialect, {
  operationId: "withdraw-offer",
  method: "post",
  path: "/testimonies/offers/:offerId/withdraw",
  ...described(() => ({
    tag: "Offers",
    summary: "Withdraw an offer",
    description: "By the expert who made it, before it is accepted.",
    responses: { 204: { description: "Withdrawn" } },
    errors: { 403: ["not_yours"], 404: ["offer_unknown"], 409: ["state_wrong"] },
  })),
  access: "expert",
  params: offerParams,
  load: ({ db, params: { offerId = "" } }) => [offerById(db, offerId)],
  find: ([[offer]]) => offer ?? "offer_unknown",
  permit: (caller, offer) => (offer.expertId === caller.id ? undefined : "not_yours"),
  async handle({ caller, found: { testimonyId, id }, perform }) {
    const result = await perform({ name: "withdraw-offer", input: { testimonyId, offerId: id, userId: caller.id } });
    return result.ok ? noContent : result;
  },
});
