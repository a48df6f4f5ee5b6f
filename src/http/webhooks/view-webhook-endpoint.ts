import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointObject, toEndpoint } from "./endpoint-object";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";

export const viewWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "view-webhook-endpoint",
  method: "get",
  path: "/webhook-endpoints/:id",
  ...described(() => ({
    tag: "Webhooks",
    summary: "A webhook endpoint with its health",
    responses: { 200: { description: "The endpoint", schema: z.strictObject({ data: endpointObject }) } },
    errors: { 404: ["endpoint_unknown"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  ...ownEndpoint,
  handle: async ({ found }) => ok({ data: toEndpoint(found) }),
});
