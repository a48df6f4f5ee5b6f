import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";

export const deleteWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "delete-webhook-endpoint",
  method: "delete",
  path: "/webhook-endpoints/:id",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Remove a webhook endpoint",
    description: "Nothing more is sent to it, and what waited for it is forgotten.",
    responses: { 204: { description: "Removed" } },
    errors: { 404: ["endpoint_unknown"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  ...ownEndpoint,
  async handle({ caller, params: { id = "" }, perform }) {
    const result = await perform({ name: "delete-webhook-endpoint", input: { ...caller, id } });
    return result.ok ? noContent : result;
  },
});
