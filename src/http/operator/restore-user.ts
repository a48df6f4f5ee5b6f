import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { namedUser, noteBody, userParams } from "./user-object";

export const restoreUser = defineRoute(adminDialect, {
  operationId: "restore-user",
  method: "post",
  path: "/admin/users/:id/restore",
  ...described(() => ({
    tag: "Operator",
    summary: "Let a suspended user in again",
    description: "The user must log in again. Restoring a user who is not suspended changes nothing.",
    bodyExample: { note: "The owner was identified by telephone." },
    responses: { 204: { description: "Restored" } },
    errors: { 404: ["user_unknown"] },
  })),
  access: "operator",
  params: userParams,
  body: noteBody,
  ...namedUser,
  async handle({ caller, body, found, perform }) {
    const input = { userId: found.id, operator: caller.name, note: body.note };
    const result = await perform({ name: "restore-user", input });
    return result.ok ? noContent : result;
  },
});
