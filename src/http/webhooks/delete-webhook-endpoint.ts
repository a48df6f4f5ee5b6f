import { noContent } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";

export const deleteWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "delete-webhook-endpoint",
  method: "delete",
  path: "/webhook-endpoints/:id",
  tag: "Webhooks",
  summary: "Remove a webhook endpoint",
  description: "Nothing more is sent to it, and what waited for it is forgotten.",
  access: "owner",
  params: idParam,
  responses: { 204: { description: "Removed" } },
  errors: [404],
  ...ownEndpoint,
  async handle({ caller, params: { id = "" }, perform }) {
    const result = await perform({ name: "delete-webhook-endpoint", input: { ...caller, id } });
    return result.ok ? noContent : result;
  },
});
