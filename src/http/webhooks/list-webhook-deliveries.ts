import * as z from "zod";
import { pageOfDeliveries } from "../../db/webhooks/deliveries";
import { deliveryStates } from "../../domain/webhooks/delivery";
import { eventTypes } from "../../domain/webhooks/event";
import { described } from "../described";
import { answerPage, createdQuery, createdRangeOf, cursorPageOf, listQuery, pageOf } from "../page";
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
    description: "The `eventId` is the id of the cursors.",
    responses: { 200: { description: "One page", schema: pageOf(deliveryObject) } },
    errors: { 404: ["endpoint_unknown"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  query: () =>
    listQuery({
      state: z.enum(deliveryStates).optional(),
      type: z.enum(eventTypes).optional(),
      ...createdQuery(),
    }),
  ...ownEndpoint,
  async handle({ edge, found, query }) {
    const filter = { state: query.state, type: query.type, ...createdRangeOf(query) };
    return answerPage(query, await pageOfDeliveries(edge.deps.db, found.id, filter, cursorPageOf(query)), toDelivery);
  },
});
