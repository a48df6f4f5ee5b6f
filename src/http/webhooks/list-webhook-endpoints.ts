import * as z from "zod";
import { pageOfEndpoints } from "../../db/webhooks/endpoints";
import { eventTypes } from "../../domain/webhooks/event";
import { described, forDescription } from "../described";
import {
  allOldestFirst,
  answerPage,
  createdQuery,
  createdRangeOf,
  cursorPageOf,
  isByCursor,
  listQuery,
  pageOf,
} from "../page";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointObject, toEndpoint } from "./endpoint-object";

export const listWebhookEndpoints = defineRoute(webhooksDialect, {
  operationId: "list-webhook-endpoints",
  method: "get",
  path: "/webhook-endpoints",
  ...described(() => ({
    tag: "Webhooks",
    summary: "The caller's webhook endpoints",
    description: "All of them, oldest first; or a page by cursor.",
    responses: { 200: { description: "The endpoints", schema: pageOf(endpointObject) } },
  })),
  access: "owner",
  scope: "webhooks",
  query: () =>
    listQuery({
      enabled: z
        .enum(["true", "false"])
        .transform((value) => value === "true")
        .optional(),
      type: z
        .enum(eventTypes)
        .optional()
        .meta(forDescription(() => ({ description: "Those that receive events of this type." }))),
      ...createdQuery(),
    }),
  async handle({ edge, caller, query }) {
    const page = isByCursor(query) ? cursorPageOf(query) : allOldestFirst;
    const filter = { enabled: query.enabled, type: query.type, ...createdRangeOf(query) };
    return answerPage(query, await pageOfEndpoints(edge.deps.db, caller.owner, filter, page), toEndpoint);
  },
});
