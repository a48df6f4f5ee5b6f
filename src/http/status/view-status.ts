import * as z from "zod";
import { readHealth } from "../../db/operator/health";
import { isSweepLate, patienceMs } from "../../domain/attention";
import { described } from "../described";
import { problemDialect, problemRequestErrors } from "../problem/dialect";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { naiveTime } from "./naive-time";

export const viewStatus = defineRoute(problemDialect, {
  operationId: "view-status",
  method: "get",
  path: "/status",
  ...described(() => ({
    tag: "Service",
    summary: "Whether the service can work",
    description:
      "Really asks the database. `degraded`: requests are answered, but the clock's last run ended more than five minutes ago, or something that must be done has been due for longer. 503 names the part that does not answer.",
    responses: {
      200: {
        description: "It can",
        schema: z.strictObject({
          status: z.enum(["ok", "degraded"]),
          service: z.string(),
          timestamp: z.string().meta({ description: "UTC." }),
          base_url: z.url(),
          database_status: z.literal("connected"),
          last_sweep: z.string().nullable().meta({ description: "When the clock's last run ended. UTC." }),
          oldest_due: z
            .strictObject({ kind: z.string(), since: z.string() })
            .nullable()
            .meta({ description: "What has been due for the longest, and since when. UTC." }),
        }),
      },
    },
    errors: { 503: ["database_unavailable"] },
  })),
  access: "anyone",
  async handle({ edge, request }) {
    const { db, nowMs, log, enqueueCommands } = edge.deps;
    try {
      const { sweptAt, isPublished, oldestDue } = await readHealth(db, nowMs());
      const isStopped = isSweepLate(sweptAt, Date.now());
      // A sweep that has stopped cannot report it, so a reader of this page makes that happen, once.
      if (isStopped && !isPublished) await enqueueCommands([{ name: "publish-attention", input: {} }]);
      const isLate = oldestDue !== undefined && nowMs() - oldestDue.dueAt > patienceMs.sweep;
      return ok({
        status: isStopped || isLate ? "degraded" : "ok",
        service: "Accord",
        timestamp: naiveTime(nowMs()),
        base_url: `${new URL(request.url).origin}/api/v1`,
        database_status: "connected",
        last_sweep: sweptAt === undefined ? null : naiveTime(sweptAt),
        oldest_due: oldestDue ? { kind: oldestDue.kind, since: naiveTime(oldestDue.dueAt) } : null,
      });
    } catch (error) {
      log.error("database_unavailable", error);
      const text = "The database does not answer.";
      return { answer: { ...problemRequestErrors.unavailable, text, code: "database_unavailable" } };
    }
  },
});
