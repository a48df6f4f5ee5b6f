import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";

export const logOut = defineRoute(offersDialect, {
  operationId: "log-out",
  method: "post",
  path: "/auth/logout",
  ...described(() => ({
    tag: "Users",
    summary: "Log out",
    description: "Ends the token that the request carries; other tokens stay.",
    responses: { 204: { description: "Logged out" } },
  })),
  access: "user",
  securityEvent: "session_ended",
  keyed: false,
  async handle({ caller, perform }) {
    const result = await perform({ name: "log-out", input: { userId: caller.id, sessionId: caller.session.id } });
    return result.ok ? noContent : result;
  },
});
