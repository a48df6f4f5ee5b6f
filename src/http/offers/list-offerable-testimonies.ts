import { offerableTestimonies } from "../../db/offers/testimony-lists";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { pageQuery, perPage, testimonyPageObject, toTestimonyPage } from "./paginate";

export const listOfferableTestimonies = defineRoute(offersDialect, {
  operationId: "list-offerable-testimonies",
  method: "get",
  path: "/testimonies/offerable",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Testimonies that wait for a first offer",
    description: "Pending ones of the expert's regions, and those without a region.",
    responses: { 200: { description: "One page", schema: testimonyPageObject } },
  })),
  access: "expert",
  query: pageQuery,
  async handle({ edge, request, caller, query: { page } }) {
    const found = await offerableTestimonies(edge.deps.db, caller.regions ?? [], { page, perPage });
    return ok(toTestimonyPage(found, page, request.url, caller, edge.deps.nowMs()));
  },
});
