import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { namedUser, noteBody, userParams } from "./user-object";

export const suspendUser = defineRoute(adminDialect, {
  operationId: "suspend-user",
  method: "post",
  path: "/admin/users/:id/suspend",
  ...described(() => ({
    tag: "Operator",
    summary: "Keep a user out",
    description:
      "Ends all sessions, and no login is possible until the user is restored. Money that is underway goes on: payouts are made and refunds are sent.",
    bodyExample: { note: "The mailbox was taken over." },
    responses: { 204: { description: "Suspended" } },
    errors: { 404: ["user_unknown"] },
  })),
  access: "operator",
  params: userParams,
  body: noteBody,
  ...namedUser,
  async handle({ caller, body, found, perform }) {
    const input = { userId: found.id, operator: caller.name, note: body.note };
    const result = await perform({ name: "suspend-user", input });
    return result.ok ? noContent : result;
  },
});
