import { testimonyOf } from "../../db/offers/testimonies";
import { readsOfOffer } from "../../db/offers/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { offerParams } from "./parameters";
import { handOver } from "./visible-testimony";

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
  load: ({ db, params: { offerId = "" } }) => readsOfOffer(db, offerId),
  find: (rows) => testimonyOf(rows) ?? "offer_unknown",
  async handle({ caller, params: { offerId = "" }, found, perform }) {
    const input = { testimonyId: found.aggregateId, offerId, userId: caller.id, ...handOver(found) };
    const result = await perform({ name: "withdraw-offer", input });
    return result.ok ? noContent : result;
  },
});
