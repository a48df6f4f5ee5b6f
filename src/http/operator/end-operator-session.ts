import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { endedCookie } from "./session";

export const endOperatorSession = defineRoute(adminDialect, {
  operationId: "end-operator-session",
  method: "delete",
  path: "/admin/session",
  scope: "any",
  ...described(() => ({
    tag: "Operator",
    summary: "Sign out of the console",
    description: "Takes the cookie back. A copy of it stays valid until its end: withdraw the token to end it before.",
    responses: { 204: { description: "Signed out" } },
  })),
  access: "operator",
  securityEvent: "session_ended",
  evenInRecovery: true,
  async handle({ edge, headers }) {
    headers.set("Set-Cookie", endedCookie(edge));
    return noContent;
  },
});
