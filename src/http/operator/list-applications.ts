import * as z from "zod";
import { selectApplications } from "../../db/transfers/applications";
import { described } from "../described";
import { answerPage, pageOf, pageQuery } from "../page";
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
    description: "Newest first. `starting_after` takes the id of the last one on the page before.",
    responses: { 200: { description: "One page", schema: pageOf(admittedApplication) } },
  })),
  access: "operator",
  query: z.object(pageQuery),
  async handle({ edge, query: { starting_after: after, limit } }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectApplications(db, { after, limit: limit + 1 })]);
    return answerPage(rows, limit, toAdmittedApplication);
  },
});
