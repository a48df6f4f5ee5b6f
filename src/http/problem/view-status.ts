import * as z from "zod";
import { pingDatabase } from "../../db/ping";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { problemDialect, problemFaults } from "./dialect";
import { naiveTime } from "./naive-time";

export const viewStatus = defineRoute(problemDialect, {
  operationId: "view-status",
  method: "get",
  path: "/status",
  ...described(() => ({
    tag: "Service",
    summary: "Whether the service can work",
    description: "Really asks the database. 503 names the part that does not answer.",
    responses: {
      200: {
        description: "It can (payments.md 4.7)",
        schema: z.strictObject({
          status: z.literal("ok"),
          service: z.string(),
          timestamp: z.string().meta({ description: "UTC." }),
          base_url: z.url(),
          database_status: z.literal("connected"),
        }),
      },
    },
    errors: [503],
  })),
  access: "anyone",
  async handle({ edge, request }) {
    try {
      await pingDatabase(edge.deps.db);
    } catch (error) {
      edge.deps.log.error("database_unavailable", error);
      const text = "The database does not answer.";
      return { answer: { ...problemFaults.unavailable, text, code: "database_unavailable" } };
    }
    return ok({
      status: "ok",
      service: "Accord",
      timestamp: naiveTime(edge.deps.nowMs()),
      base_url: `${new URL(request.url).origin}/api/v1`,
      database_status: "connected",
    });
  },
});
