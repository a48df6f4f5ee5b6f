import { pageOfDevelopers } from "../../db/payments/developers";
import { described } from "../described";
import { answerPage, createdQuery, createdRangeOf, cursorPageOf, listQuery, pageOf } from "../page";
import { defineRoute } from "../serve";
import { developerObject, toDeveloper } from "./developer-object";
import { adminDialect } from "./dialect";

export const listDevelopers = defineRoute(adminDialect, {
  operationId: "list-developers",
  method: "get",
  path: "/admin/developers",
  ...described(() => ({
    tag: "Operator",
    summary: "All developers",
    responses: { 200: { description: "One page", schema: pageOf(developerObject) } },
  })),
  access: "operator",
  securityEvent: "personal_data_viewed",
  query: () => listQuery(createdQuery()),
  async handle({ edge, query }) {
    const part = await pageOfDevelopers(edge.deps.db, createdRangeOf(query), cursorPageOf(query));
    return answerPage(query, part, toDeveloper);
  },
});
