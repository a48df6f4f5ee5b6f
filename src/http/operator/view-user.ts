import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { toViewedUser, userParams, viewedUserObject } from "./user-object";

export const viewUser = defineRoute(adminDialect, {
  operationId: "view-user",
  method: "get",
  path: "/admin/users/:id",
  ...described(() => ({
    tag: "Operator",
    summary: "One user, with the sessions",
    description:
      "The view is recorded in the user's timeline under the operator's name, because it shows personal data.",
    responses: { 200: { description: "The user", schema: z.strictObject({ data: viewedUserObject }) } },
    errors: { 404: ["user_unknown"] },
  })),
  access: "operator",
  securityEvent: "personal_data_viewed",
  params: userParams,
  async handle({ caller, params: { id: userId = "" }, perform }) {
    const result = await perform({ name: "view-user", input: { userId, operator: caller.name } });
    return result.ok ? ok({ data: toViewedUser(result.value) }) : result;
  },
});
