import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { deliveryIdOf } from "./delivery-object";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";

export const testWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "test-webhook-endpoint",
  method: "post",
  path: "/webhook-endpoints/:id/test",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Send a test event",
    description: "A signed `webhook_endpoint.test`, to this endpoint alone.",
    responses: {
      202: { description: "On its way", schema: z.strictObject({ data: z.strictObject({ deliveryId: z.string() }) }) },
    },
    errors: { 404: ["endpoint_unknown"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  ...ownEndpoint,
  async handle({ caller, params: { id = "" }, perform }) {
    const result = await perform({ name: "test-webhook-endpoint", input: { ...caller, id } });
    if (!result.ok) return result;
    return { status: 202, body: { data: { deliveryId: deliveryIdOf({ endpointId: id, ...result.value }) } } };
  },
});
