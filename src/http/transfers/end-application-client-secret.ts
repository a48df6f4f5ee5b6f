import * as z from "zod";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";

export const endApplicationClientSecret = defineRoute(transfersDialect, {
  operationId: "end-application-client-secret",
  method: "delete",
  path: "/applications/client-secrets/:prefix",
  ...described(() => ({
    tag: "Applications",
    summary: "End an earlier client secret at once",
    description:
      "Named by its first characters, as the application's page shows them. The present one cannot be ended: rotate it.",
    responses: { 204: { description: "It opens nothing any more" } },
    errors: { 404: ["SECRET_NOT_FOUND"] },
  })),
  access: "application",
  securityEvent: "secret_rotated",
  params: () => z.object({ prefix: z.string() }),
  async handle({ caller, params: { prefix = "" }, perform }) {
    const result = await perform({ name: "end-application-client-secret", input: { id: caller.id, prefix } });
    return result.ok ? noContent : result;
  },
});
