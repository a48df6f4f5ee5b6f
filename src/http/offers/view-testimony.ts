import { offersOfTestimony, peopleOf, testimonyById } from "../../db/offers/testimony-views";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { testimonyParams } from "./parameters";
import { testimonyObject, toTestimony } from "./testimony-object";
import { findTestimony, permitReading } from "./visible-testimony";

export const viewTestimony = defineRoute(offersDialect, {
  operationId: "view-testimony",
  method: "get",
  path: "/testimonies/:testimonyId",
  ...described(() => ({
    tag: "Testimonies",
    summary: "One testimony, with its offers",
    description: "The client sees every offer, an expert only their own.",
    responses: { 200: { description: "The testimony", schema: data(testimonyObject) } },
    errors: { 403: ["not_yours"], 404: ["testimony_unknown"] },
  })),
  access: "user",
  params: testimonyParams,
  load: ({ db, params: { testimonyId = "" } }) => [testimonyById(db, testimonyId), offersOfTestimony(db, testimonyId)],
  find: ([found, offers]) => findTestimony(found, offers),
  permit: permitReading,
  async handle({ edge, caller, found: { testimony, offers } }) {
    const people = await peopleOf(edge.deps.db, [testimony], offers, [caller]);
    return ok({ data: toTestimony({ testimony, people, offers }, caller, edge.deps.nowMs()) });
  },
});
