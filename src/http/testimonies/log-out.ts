import { hashToken } from "../../crypto/tokens";
import { bearerToken } from "../bearer";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";

export const logOut = defineRoute(offersDialect, {
  operationId: "log-out",
  method: "post",
  path: "/auth/logout",
  tag: "Users",
  summary: "Log out",
  description: "Ends the token that the request carries; other tokens stay.",
  access: "user",
  keyed: false,
  responses: { 204: { description: "Logged out" } },
  async handle({ request, perform }) {
    const token = bearerToken(request.headers) ?? "";
    const result = await perform({ name: "log-out", input: { tokenHash: hashToken(token) } });
    return result.ok ? noContent : result;
  },
});
