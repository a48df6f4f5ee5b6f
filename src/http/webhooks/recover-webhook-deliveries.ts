import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";

export const recoverWebhookDeliveries = defineRoute(webhooksDialect, {
  operationId: "recover-webhook-deliveries",
  method: "post",
  path: "/webhook-endpoints/:id/recover",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Send everything again that failed since a moment",
    description:
      "Every event told since then whose delivery failed, oldest first: the same message ids and bodies, once each. While `hasMore` is true, ask again.",
    bodyExample: { since: "2026-11-01T00:00:00Z" },
    responses: {
      202: {
        description: "On their way",
        schema: z.strictObject({ data: z.strictObject({ recovered: z.int(), hasMore: z.boolean() }) }),
      },
    },
    errors: { 404: ["endpoint_unknown"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  body: () => z.object({ since: z.iso.datetime({ offset: true }) }),
  ...ownEndpoint,
  async handle({ caller, params: { id = "" }, body, perform }) {
    const result = await perform({
      name: "recover-webhook-deliveries",
      input: { owner: caller.owner, id, sinceMs: Math.max(Date.parse(body.since), 0) },
    });
    return result.ok ? { status: 202, body: { data: result.value } } : result;
  },
});
