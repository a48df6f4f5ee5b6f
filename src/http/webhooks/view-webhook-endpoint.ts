import * as z from "zod";
import { selectEndpoint } from "../../db/webhook-endpoints";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointObject, toEndpoint } from "./endpoint-object";
import { idParam } from "./fields";

export const viewWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "view-webhook-endpoint",
  method: "get",
  path: "/webhook-endpoints/:id",
  tag: "Webhooks",
  summary: "A webhook endpoint with its health",
  access: "owner",
  params: idParam,
  responses: { 200: { description: "The endpoint", schema: z.strictObject({ data: endpointObject }) } },
  errors: [404],
  async handle({ edge, caller, params: { id = "" } }) {
    const { db } = edge.deps;
    const [[endpoint]] = await db.batch([selectEndpoint(db, caller.owner, id)]);
    return endpoint ? ok({ data: toEndpoint(endpoint) }) : { refusal: "endpoint_unknown" };
  },
});
