import * as z from "zod";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";

export const revokeToken = defineRoute(paymentsDialect, {
  operationId: "revoke-token",
  method: "delete",
  path: "/developer-tokens/:prefix",
  ...described(() => ({
    tag: "Tokens",
    summary: "End a token at once",
    description:
      "Named by its first characters. The token of the request may be ended too, and none with scopes that it does " +
      "not have; one that has ended has ended.",
    responses: { 204: { description: "It opens nothing any more" } },
    errors: { 403: ["scope_missing"], 404: ["token_unknown"] },
  })),
  access: "developer",
  scope: "any",
  securityEvent: "token_revoked",
  params: () => z.object({ prefix: z.string() }),
  async handle({ caller, params: { prefix = "" }, perform }) {
    const result = await perform({
      name: "revoke-developer-token",
      input: { developerId: caller.developer.id, prefix, held: caller.token.scopes, by: { developer: true } },
    });
    return result.ok ? noContent : result;
  },
});
