import * as z from "zod";
import { eventTypes } from "../../domain/event";
import { problemDialect } from "../problem/dialect";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { catalogue, envelopeOf } from "./catalogue";

export const listEventTypes = defineRoute(problemDialect, {
  operationId: "list-event-types",
  method: "get",
  path: "/webhook-event-types",
  tag: "Webhooks",
  summary: "Every event that can be sent, with its schema",
  access: "anyone",
  responses: {
    200: {
      description: "The catalogue",
      schema: z.strictObject({
        data: z.array(
          z.strictObject({ type: z.string(), summary: z.string(), schema: z.record(z.string(), z.unknown()) }),
        ),
      }),
    },
  },
  async handle() {
    const data = eventTypes.map((type) => ({
      type,
      summary: catalogue[type].summary,
      schema: z.toJSONSchema(envelopeOf(type)),
    }));
    return ok({ data });
  },
});
