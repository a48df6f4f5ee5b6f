import { offerableByCursor } from "../../db/offers/testimonies-by-cursor";
import { offerableTestimonies } from "../../db/offers/testimony-lists";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, isByCursor, listQuery } from "../page";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { answerTestimonies } from "./answer-testimonies";
import { offersDialect } from "./dialect";
import { pageNumber, perPage, testimonyListObject, toTestimonyPage } from "./paginate";

export const listOfferableTestimonies = defineRoute(offersDialect, {
  operationId: "list-offerable-testimonies",
  method: "get",
  path: "/testimonies/offerable",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Testimonies that wait for a first offer",
    description:
      "Pending ones of the expert's regions, and those without a region. By page number, or by cursor, which skips and repeats none while others get their first offers.",
    responses: { 200: { description: "One page", schema: testimonyListObject } },
  })),
  access: "expert",
  query: () => listQuery({ ...pageNumber(), ...createdQuery() }, ["page"]),
  async handle({ edge, request, caller, query }) {
    const { db, nowMs } = edge.deps;
    const filter = { regions: caller.regions ?? [], ...createdRangeOf(query) };
    if (isByCursor(query)) {
      const found = await offerableByCursor(db, filter, cursorPageOf(query));
      return answerTestimonies(query, found, { reader: caller, nowMs: nowMs() }, request);
    }
    const { page = 1 } = query;
    const found = await offerableTestimonies(db, filter, { page, perPage });
    return ok(toTestimonyPage(found, page, request.url, { reader: caller, nowMs: nowMs() }));
  },
});
