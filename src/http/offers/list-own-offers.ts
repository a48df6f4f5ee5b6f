import * as z from "zod";
import { pageOfOwnOffers } from "../../db/offers/own-offers";
import { offerStates } from "../../domain/offers/offer";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, listQuery } from "../page";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { ownOfferObject, toOwnOffer } from "./own-offer-object";
import { answerByCursor, pageByCursorOf } from "./page-by-cursor";

export const listOwnOffers = defineRoute(offersDialect, {
  operationId: "list-own-offers",
  method: "get",
  path: "/me/offers",
  ...described(() => ({
    tag: "Offers",
    summary: "The expert's own offers",
    description: `With the state of their testimonies, and the payouts of those that were accepted.`,
    responses: { 200: { description: "One page", schema: pageByCursorOf(ownOfferObject) } },
  })),
  access: "expert",
  query: () => listQuery({ state: z.enum(offerStates).optional(), ...createdQuery() }),
  async handle({ edge, caller, query, request }) {
    const filter = { state: query.state, nowMs: edge.deps.nowMs(), ...createdRangeOf(query) };
    const found = await pageOfOwnOffers(edge.deps.db, caller.id, filter, cursorPageOf(query));
    const print = (row: Parameters<typeof toOwnOffer>[0]) => toOwnOffer(row, caller, edge.deps.nowMs());
    return answerByCursor(query, found, { print, idOf: ({ offer }) => offer.id }, request);
  },
});
