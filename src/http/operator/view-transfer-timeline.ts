import * as z from "zod";
import { timelineOf } from "../../db/operator/timeline";
import { selectTransfer } from "../../db/transfers/transfers";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { printTimeline, timelineEntries } from "./timeline";

export const viewTransferTimeline = defineRoute(adminDialect, {
  operationId: "view-transfer-timeline",
  method: "get",
  path: "/admin/transfers/:reference/timeline",
  ...described(() => ({
    tag: "Operator",
    summary: "Everything that happened to a transfer, in order",
    description: "By its reference. Its changes, and how the two sides were told of them.",
    responses: {
      200: {
        description: "The timeline, oldest first",
        schema: z.strictObject({
          data: z.strictObject({ reference: z.string(), transferId: z.string(), entries: timelineEntries }),
        }),
      },
    },
    errors: { 404: ["transfer_unknown"] },
  })),
  access: "operator",
  params: () => z.object({ reference: z.string() }),
  load: ({ db, params: { reference = "" } }) => [selectTransfer(db, reference)],
  find: ([[transfer]]) => transfer ?? "transfer_unknown",
  async handle({ edge, found: { id: transferId, reference } }) {
    const entries = printTimeline(await timelineOf(edge.deps.db, [transferId]));
    return ok({ data: { reference, transferId, entries } });
  },
});
