import * as z from "zod";
import { type CursorPage, cutPage, type Part } from "../../db/cursor-page";
import type { Offer } from "../../db/offers/testimonies";
import { offersOfTestimony, peopleOf, testimonyById } from "../../db/offers/testimony-views";
import { offerState, offerStates } from "../../domain/offers/offer";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, isByCursor, listQuery } from "../page";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { offerObject } from "./offer-object";
import { answerByCursor, pageByCursorOf } from "./page-by-cursor";
import { testimonyParams } from "./parameters";
import { toTestimony } from "./testimony-object";
import { findTestimony, permitReading } from "./visible-testimony";

const query = () => listQuery({ state: z.enum(offerStates).optional(), ...createdQuery() });

export const listOffers = defineRoute(offersDialect, {
  operationId: "list-offers",
  method: "get",
  path: "/testimonies/:testimonyId/offers",
  ...described(() => ({
    tag: "Offers",
    summary: "The offers of a testimony",
    description:
      "All of them for the client, newest first; an expert sees only their own. A page of them if `limit`, `order` or a cursor is sent.",
    responses: {
      200: { description: "The offers", schema: z.union([data(z.array(offerObject)), pageByCursorOf(offerObject)]) },
    },
    errors: { 403: ["not_yours"], 404: ["testimony_unknown"] },
  })),
  access: "user",
  params: testimonyParams,
  query,
  load: ({ db, params: { testimonyId = "" } }) => [testimonyById(db, testimonyId), offersOfTestimony(db, testimonyId)],
  find: ([found, offers]) => findTestimony(found, offers),
  permit: permitReading,
  async handle({ edge, caller, query: sent, found: { testimony, offers }, request }) {
    const visible = offers.filter(({ expertId }) => caller.id === testimony.clientId || caller.id === expertId);
    const nowMs = edge.deps.nowMs();
    const wanted = (offer: Offer) => isWanted(offer, sent, nowMs);
    const part = isByCursor(sent)
      ? partOf(visible, wanted, cursorPageOf(sent))
      : { rows: visible.filter(wanted), hasMore: false };
    const shown = part?.rows ?? [];
    const people = await peopleOf(edge.deps.db, [testimony], shown, [caller]);
    const printed = toTestimony({ testimony, people, offers: shown }, caller, nowMs).offers ?? [];
    if (!isByCursor(sent)) return ok({ data: printed });
    const print = ({ id }: Offer) => printed.find((one) => one.id === id);
    return answerByCursor(sent, part, { print, idOf: ({ id }) => id }, request);
  },
});

function isWanted(offer: Offer, sent: z.output<ReturnType<typeof query>>, nowMs: number): boolean {
  const { createdAfterMs = Number.NEGATIVE_INFINITY, createdBeforeMs = Number.POSITIVE_INFINITY } =
    createdRangeOf(sent);
  const isOfState = sent.state === undefined || offerState(offer, nowMs) === sent.state;
  return isOfState && offer.createdAt >= createdAfterMs && offer.createdAt < createdBeforeMs;
}

/** Makes a page of offers that were all read, newest first. Returns undefined if the cursor is none of them. */
function partOf(
  offers: readonly Offer[],
  isWanted: (offer: Offer) => boolean,
  page: CursorPage,
): Part<Offer> | undefined {
  const { cursor, order } = page;
  const inOrder = order === "asc" ? offers.toReversed() : offers;
  const at = inOrder.findIndex(({ id }) => id === cursor?.id);
  if (cursor && at < 0) return undefined;
  const onSide = cursor?.side === "before" ? inOrder.slice(0, at).toReversed() : inOrder.slice(at + 1);
  return cutPage(page, onSide.filter(isWanted));
}
