import { testimoniesOfClient, testimoniesOfExpert } from "../../db/offers/testimony-lists";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { pageQuery, perPage, testimonyPageObject, toTestimonyPage } from "./paginate";

export const listTestimonies = defineRoute(offersDialect, {
  operationId: "list-testimonies",
  method: "get",
  path: "/testimonies",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Own testimonies",
    description: "A client's own; for an expert, those they were assigned to.",
    responses: { 200: { description: "One page", schema: testimonyPageObject } },
  })),
  access: "user",
  query: pageQuery,
  async handle({ edge, request, caller, query: { page } }) {
    const read = caller.role === "client" ? testimoniesOfClient : testimoniesOfExpert;
    const found = await read(edge.deps.db, caller.id, { page, perPage });
    return ok(toTestimonyPage(found, page, request.url, caller, edge.deps.nowMs()));
  },
});
