import * as z from "zod";
import { pingDatabase } from "../../db/ping";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { problemDialect, problemFaults } from "./dialect";

export const viewStatus = defineRoute(problemDialect, {
  operationId: "view-status",
  method: "get",
  path: "/status",
  tag: "Service",
  summary: "Whether the service can work",
  description: "Really asks the database. 503 names the part that does not answer.",
  access: "anyone",
  responses: {
    200: { description: "It can", schema: z.strictObject({ status: z.literal("ok"), database: z.literal("ok") }) },
  },
  errors: [503],
  async handle({ edge }) {
    try {
      await pingDatabase(edge.deps.db);
      return ok({ status: "ok", database: "ok" });
    } catch (error) {
      edge.deps.log.error("database_unavailable", error);
      const text = "The database does not answer.";
      return { answer: { ...problemFaults.unavailable, text, code: "database_unavailable" } };
    }
  },
});
