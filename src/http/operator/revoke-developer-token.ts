import * as z from "zod";
import { selectDeveloper } from "../../db/payments/developers";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

export const revokeDeveloperToken = defineRoute(adminDialect, {
  operationId: "revoke-developer-token",
  method: "delete",
  path: "/admin/developers/:id/tokens/:prefix",
  ...described(() => ({
    tag: "Operator",
    summary: "End a developer's token at once",
    description: "Named by its beginning, as the developer's page shows it. One that has ended has ended.",
    responses: { 204: { description: "It opens nothing any more" } },
    errors: { 404: ["developer_unknown", "token_unknown"] },
  })),
  access: "operator",
  securityEvent: "token_revoked",
  params: () => z.object({ id: z.string(), prefix: z.string() }),
  load: ({ db, params: { id = "" } }) => [selectDeveloper(db, id)],
  find: ([[developer]]) => developer ?? "developer_unknown",
  async handle({ caller, found, params: { prefix = "" }, perform }) {
    const result = await perform({
      name: "revoke-developer-token",
      input: { developerId: found.id, prefix, by: { operator: caller.name } },
    });
    return result.ok ? noContent : result;
  },
});
