import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { namedUser, noteBody, userParams } from "./user-object";

export const endUserSessions = defineRoute(adminDialect, {
  operationId: "end-user-sessions",
  method: "post",
  path: "/admin/users/:id/end-sessions",
  ...described(() => ({
    tag: "Operator",
    summary: "Log a user out everywhere",
    description: "All sessions end at once; the user may log in again.",
    bodyExample: { note: "The telephone was stolen." },
    responses: { 204: { description: "Ended" } },
    errors: { 404: ["user_unknown"] },
  })),
  access: "operator",
  params: userParams,
  body: noteBody,
  ...namedUser,
  async handle({ caller, body, found, perform }) {
    const input = { userId: found.id, operator: caller.name, note: body.note };
    const result = await perform({ name: "end-user-sessions", input });
    return result.ok ? noContent : result;
  },
});
