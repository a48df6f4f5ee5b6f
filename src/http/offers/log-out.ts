import { hashToken } from "../../crypto/tokens";
import { bearerToken } from "../bearer";
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
  keyed: false,
  async handle({ request, perform }) {
    const token = bearerToken(request.headers) ?? "";
    const result = await perform({ name: "log-out", input: { tokenHash: hashToken(token) } });
    return result.ok ? noContent : result;
  },
});
