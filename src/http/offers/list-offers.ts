import * as z from "zod";
import { offersOfTestimony, peopleOf, testimonyById } from "../../db/offers/testimony-views";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { offerObject } from "./offer-object";
import { testimonyParams } from "./parameters";
import { toTestimony } from "./testimony-object";
import { findTestimony, permitReading } from "./visible-testimony";

export const listOffers = defineRoute(offersDialect, {
  operationId: "list-offers",
  method: "get",
  path: "/testimonies/:testimonyId/offers",
  ...described(() => ({
    tag: "Offers",
    summary: "The offers of a testimony",
    description: "All of them for the client, newest first; an expert sees only their own.",
    responses: { 200: { description: "The offers", schema: data(z.array(offerObject)) } },
    errors: { 403: ["not_yours"], 404: ["testimony_unknown"] },
  })),
  access: "user",
  params: testimonyParams,
  load: ({ db, params: { testimonyId = "" } }) => [testimonyById(db, testimonyId), offersOfTestimony(db, testimonyId)],
  find: ([found, offers]) => findTestimony(found, offers),
  permit: permitReading,
  async handle({ edge, caller, found: { testimony, offers } }) {
    const people = await peopleOf(edge.deps.db, [testimony], offers, [caller]);
    return ok({ data: toTestimony({ testimony, people, offers }, caller).offers });
  },
});
