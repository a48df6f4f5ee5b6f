import * as z from "zod";
import { selectApplications } from "../../db/transfers/applications";
import { described } from "../described";
import { idQuery, limitQuery } from "../problem/fields";
import { ok } from "../route";
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
    responses: {
      200: {
        description: "One page",
        schema: z.strictObject({ data: z.array(admittedApplication), has_more: z.boolean() }),
      },
    },
    errors: [422],
  })),
  access: "operator",
  query: z.object({
    starting_after: idQuery.optional(),
    limit: limitQuery,
  }),
  async handle({ edge, query: { starting_after: after, limit } }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectApplications(db, { after, limit: limit + 1 })]);
    return ok({ data: rows.slice(0, limit).map(toAdmittedApplication), has_more: rows.length > limit });
  },
});
