import * as z from "zod";
import { selectDevelopers } from "../../db/payments/developers";
import { described } from "../described";
import { answerPage, pageOf, pageQuery } from "../page";
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
    responses: { 200: { description: "One page", schema: pageOf(developerObject) } },
  })),
  access: "operator",
  query: z.object(pageQuery),
  async handle({ edge, query: { starting_after: after, limit } }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectDevelopers(db, { after, limit: limit + 1 })]);
    return answerPage(rows, limit, toDeveloper);
  },
});
