import * as z from "zod";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { problemDialect } from "./dialect";

export const viewRoot = defineRoute(problemDialect, {
  operationId: "view-root",
  method: "get",
  path: "/",
  tag: "Service",
  summary: "Where to look next",
  access: "anyone",
  responses: {
    200: {
      description: "Pointers",
      schema: z.strictObject({ name: z.string(), description: z.string(), status: z.string() }),
    },
  },
  async handle({ request }) {
    const { origin } = new URL(request.url);
    const below = `${origin}/api/v1`;
    return ok({ name: "Accord", description: `${below}/openapi.json`, status: `${below}/status` });
  },
});
