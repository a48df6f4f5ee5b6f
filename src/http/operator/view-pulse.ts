import * as z from "zod";
import { countedMax, dueKinds, readPulse } from "../../db/operator/pulse";
import { waitingFor } from "../../db/operator/waiting";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { readRelease } from "./release";

const count = forDescription(() =>
  z.int().meta({ description: `Up to ${countedMax}, which means more than a hundred.` }),
);
const instant = forDescription(() => z.iso.datetime());

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

export const viewPulse = defineRoute(adminDialect, {
  operationId: "view-pulse",
  method: "get",
  path: "/admin/pulse",
  ...described(() => ({
    tag: "Operator",
    summary: "How everything stands at this moment",
    description: "For a page that asks every few seconds: it reads a few rows while nothing is due, and writes none.",
    responses: {
      200: {
        description: "The state",
        schema: z.strictObject({
          data: z.strictObject({
            now: instant.meta({ description: "By the server's clock, which a sandbox can move." }),
            release: z.string().meta({ description: "Another one means that pages should be loaded again." }),
            attention: z
              .int()
              .meta({ description: "How many things wait for a person, at most a hundred of a place." }),
            endpointsOff: count,
            failedDeliveries: count,
            lastSweep: instant.nullable(),
            lastSettledDay: z.string().nullable(),
            due: z.array(z.strictObject({ kind: z.enum(dueKinds), count, oldest: instant.nullable() })),
          }),
        }),
      },
    },
  })),
  access: "operator",
  async handle({ edge }) {
    const { db, nowMs } = edge.deps;
    const now = nowMs();
    const [{ list }, pulse, release] = await Promise.all([waitingFor(db, now), readPulse(db, now), readRelease(edge)]);
    const { sweptAt, settledDay, endpointsOff, failedDeliveries, due } = pulse;
    return ok({
      data: {
        now: iso(now),
        release,
        attention: list.length,
        endpointsOff,
        failedDeliveries,
        lastSweep: iso(sweptAt),
        lastSettledDay: settledDay,
        due: due.map((one) => ({ ...one, oldest: iso(one.oldest) })),
      },
    });
  },
});
