import * as z from "zod";
import { selectDevelopers } from "../../db/payments/developers";
import { described } from "../described";
import { idQuery, limitQuery } from "../problem/fields";
import { ok } from "../route";
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
    description: "Newest first. `starting_after` takes the id of the last one on the page before.",
    responses: {
      200: {
        description: "One page",
        schema: z.strictObject({ data: z.array(developerObject), has_more: z.boolean() }),
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
    const [rows] = await db.batch([selectDevelopers(db, { after, limit: limit + 1 })]);
    return ok({ data: rows.slice(0, limit).map(toDeveloper), has_more: rows.length > limit });
  },
});
