import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";

export const logOutEverywhere = defineRoute(offersDialect, {
  operationId: "log-out-everywhere",
  method: "post",
  path: "/auth/logout-all",
  ...described(() => ({
    tag: "Users",
    summary: "Log out everywhere",
    description: "Ends all sessions of the user, the one of the request included.",
    responses: { 204: { description: "Logged out" } },
  })),
  access: "user",
  securityEvent: "session_ended",
  keyed: false,
  async handle({ caller, perform }) {
    const result = await perform({ name: "log-out-everywhere", input: { userId: caller.id } });
    return result.ok ? noContent : result;
  },
});
