import * as z from "zod";
import { selectUsers } from "../../db/offers/users";
import { described } from "../described";
import { readEmail } from "../identifying-text";
import { answerPage, pageOf, pageQuery } from "../page";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { listedUserObject, toListedUser } from "./user-object";

export const listUsers = defineRoute(adminDialect, {
  operationId: "list-users",
  method: "get",
  path: "/admin/users",
  ...described(() => ({
    tag: "Operator",
    summary: "Clients and experts",
    description: "Newest first. `email` finds the one user who has it.",
    responses: { 200: { description: "One page", schema: pageOf(listedUserObject) } },
    errors: [422],
  })),
  access: "operator",
  query: z.object({
    ...pageQuery,
    email: z
      .string()
      .max(255)
      .transform((sent) => readEmail(sent) ?? sent)
      .optional(),
  }),
  async handle({ edge, query: { starting_after: after, limit, email } }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectUsers(db, { email, after, limit: limit + 1 })]);
    return answerPage(rows, limit, toListedUser);
  },
});
