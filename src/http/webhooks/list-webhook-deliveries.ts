import * as z from "zod";
import { selectDeliveries } from "../../db/webhooks/deliveries";
import { described } from "../described";
import { answerPage, pageOf, pageQuery } from "../page";
import { defineRoute } from "../serve";
import { deliveryObject, toDelivery } from "./delivery-object";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";

export const listWebhookDeliveries = defineRoute(webhooksDialect, {
  operationId: "list-webhook-deliveries",
  method: "get",
  path: "/webhook-endpoints/:id/deliveries",
  ...described(() => ({
    tag: "Webhooks",
    summary: "What was sent to an endpoint",
    description: "Newest first. `starting_after` takes the `eventId` of the last one on the page before.",
    responses: { 200: { description: "One page", schema: pageOf(deliveryObject) } },
    errors: { 404: ["endpoint_unknown"] },
  })),
  access: "owner",
  params: idParam,
  query: z.object({
    state: z.enum(["pending", "delivered", "failed"]).optional(),
    ...pageQuery,
  }),
  ...ownEndpoint,
  async handle({ edge, found, query: { state, starting_after: before, limit } }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectDeliveries(db, found.id, { before, state, limit: limit + 1 })]);
    return answerPage(rows, limit, toDelivery);
  },
});
