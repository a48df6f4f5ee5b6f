import * as z from "zod";
import { pageOfUsers } from "../../db/offers/users";
import { described, forDescription } from "../described";
import { readEmail } from "../identifying-text";
import { answerPage, createdQuery, createdRangeOf, cursorPageOf, listQuery, pageOf } from "../page";
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
    description: "E-mail and phone are masked.",
    responses: { 200: { description: "One page", schema: pageOf(listedUserObject) } },
  })),
  access: "operator",
  securityEvent: "personal_data_viewed",
  query: () =>
    listQuery({
      ...createdQuery(),
      email: z
        .string()
        .max(255)
        .transform((sent) => readEmail(sent) ?? sent)
        .optional()
        .meta(forDescription(() => ({ description: "The whole address, in whatever case." }))),
    }),
  async handle({ edge, query }) {
    const filter = { email: query.email, ...createdRangeOf(query) };
    return answerPage(query, await pageOfUsers(edge.deps.db, filter, cursorPageOf(query)), toListedUser);
  },
});
