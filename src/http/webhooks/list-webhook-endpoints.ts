import * as z from "zod";
import { selectEndpointsOf } from "../../db/webhooks/endpoints";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointObject, toEndpoint } from "./endpoint-object";
import { endpointsMax } from "./fields";

export const listWebhookEndpoints = defineRoute(webhooksDialect, {
  operationId: "list-webhook-endpoints",
  method: "get",
  path: "/webhook-endpoints",
  ...described(() => ({
    tag: "Webhooks",
    summary: "The caller's webhook endpoints",
    description: "All of them, oldest first.",
    responses: { 200: { description: "The endpoints", schema: z.strictObject({ data: z.array(endpointObject) }) } },
  })),
  access: "owner",
  async handle({ edge, caller }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectEndpointsOf(db, caller.owner, endpointsMax)]);
    return ok({ data: rows.map(toEndpoint) });
  },
});
