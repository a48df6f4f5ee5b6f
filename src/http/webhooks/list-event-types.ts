import * as z from "zod";
import { described } from "../described";
import { problemDialect } from "../problem/dialect";
import { ok } from "../route";
import { defineRoute } from "../serve";

export const listEventTypes = defineRoute(problemDialect, {
  operationId: "list-event-types",
  method: "get",
  path: "/webhook-event-types",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Every event that can be sent, with its schema",
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
  })),
  access: "anyone",
  async handle({ edge }) {
    return ok(await edge.document("/webhook-event-types.json"));
  },
});
