import * as z from "zod";
import { ownTestimoniesByCursor } from "../../db/offers/testimonies-by-cursor";
import { ownTestimonies } from "../../db/offers/testimony-lists";
import { storedTestimonyStates } from "../../domain/offers/testimony";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, isByCursor, listQuery } from "../page";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { answerTestimonies } from "./answer-testimonies";
import { offersDialect } from "./dialect";
import { pageNumber, perPage, testimonyListObject, toTestimonyPage } from "./paginate";

export const listTestimonies = defineRoute(offersDialect, {
  operationId: "list-testimonies",
  method: "get",
  path: "/testimonies",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Own testimonies",
    description: `A client's own; for an expert, those they were assigned to. By page number or by cursor.`,
    responses: { 200: { description: "One page", schema: testimonyListObject } },
  })),
  access: "user",
  query: () =>
    listQuery({ ...pageNumber(), state: z.enum(storedTestimonyStates).optional(), ...createdQuery() }, ["page"]),
  async handle({ edge, request, caller, query }) {
    const { db, nowMs } = edge.deps;
    const { role, id: userId } = caller;
    const filter = { role, userId, state: query.state, ...createdRangeOf(query) };
    if (isByCursor(query)) {
      const found = await ownTestimoniesByCursor(db, filter, cursorPageOf(query));
      return answerTestimonies(query, found, { reader: caller, nowMs: nowMs() }, request);
    }
    const { page = 1 } = query;
    const found = await ownTestimonies(db, filter, { page, perPage });
    return ok(toTestimonyPage(found, page, request.url, { reader: caller, nowMs: nowMs() }));
  },
});
