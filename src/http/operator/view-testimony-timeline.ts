import * as z from "zod";
import { testimonyById } from "../../db/offers/testimony-views";
import { timelineOf } from "../../db/operator/timeline";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { printTimeline, timelineEntries } from "./timeline";

export const viewTestimonyTimeline = defineRoute(adminDialect, {
  operationId: "view-testimony-timeline",
  method: "get",
  path: "/admin/testimonies/:id/timeline",
  ...described(() => ({
    tag: "Operator",
    summary: "Everything that happened to a testimony, in order",
    description: "Changes, calls to Stripe and events from it, ledger lines, what was told, and how its delivery went.",
    responses: {
      200: {
        description: "The timeline, oldest first",
        schema: z.strictObject({
          data: z.strictObject({
            testimonyId: z.string(),
            entries: timelineEntries,
          }),
        }),
      },
    },
    errors: { 404: ["testimony_unknown"] },
  })),
  access: "operator",
  securityEvent: "personal_data_viewed",
  params: () => z.object({ id: z.string() }),
  load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
  find: ([[testimony]]) => testimony ?? "testimony_unknown",
  async handle({ edge, found: { id } }) {
    return ok({ data: { testimonyId: id, entries: printTimeline(await timelineOf(edge.deps.db, [id])) } });
  },
});
