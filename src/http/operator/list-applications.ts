import { pageOfApplications } from "../../db/transfers/applications";
import { described } from "../described";
import { answerPage, createdQuery, createdRangeOf, cursorPageOf, listQuery, pageOf } from "../page";
import { defineRoute } from "../serve";
import { admittedApplication, toAdmittedApplication } from "./application-object";
import { adminDialect } from "./dialect";

export const listApplications = defineRoute(adminDialect, {
  operationId: "list-applications",
  method: "get",
  path: "/admin/applications",
  ...described(() => ({
    tag: "Operator",
    summary: "All applications",
    responses: { 200: { description: "One page", schema: pageOf(admittedApplication) } },
  })),
  access: "operator",
  query: () => listQuery(createdQuery()),
  async handle({ edge, query }) {
    const part = await pageOfApplications(edge.deps.db, createdRangeOf(query), cursorPageOf(query));
    return answerPage(query, part, toAdmittedApplication);
  },
});
