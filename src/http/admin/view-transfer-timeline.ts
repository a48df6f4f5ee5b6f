import * as z from "zod";
import { timelineOfTransfer } from "../../db/transfer-timeline";
import { selectTransfer } from "../../db/transfers";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

/** What happened, in this order where the millisecond is the same: a change, and the last attempt to tell of it. */
const kinds = ["change", "webhook"] as const;

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
          data: z.strictObject({
            reference: z.string(),
            transferId: z.string(),
            entries: z.array(z.looseObject({ at: z.iso.datetime(), kind: z.enum(kinds) })),
          }),
        }),
      },
    },
    errors: [404],
  })),
  access: "operator",
  params: z.object({ reference: z.string() }),
  load: ({ db, params: { reference = "" } }) => [selectTransfer(db, reference)],
  find: ([[transfer]]) => transfer ?? "transfer_unknown",
  async handle({ edge, found: transfer }) {
    const { id: transferId, reference } = transfer;
    const entries = toEntries(await timelineOfTransfer(edge.deps.db, transfer));
    return ok({ data: { reference, transferId, entries } });
  },
});

function toEntries({ changes, records }: Awaited<ReturnType<typeof timelineOfTransfer>>) {
  const entries = [
    ...changes.map(({ at, version, name, actor, requestId, data }) => ({
      at: instant(at),
      kind: "change" as const,
      ...{ version, name, actor, requestId, data },
    })),
    ...records.map(({ createdAt, lastAttemptAt, deliveredAt, dueAt, updatedAt: _, ...facts }) => ({
      at: instant(lastAttemptAt ?? createdAt),
      kind: "webhook" as const,
      ...facts,
      createdAt: instant(createdAt),
      deliveredAt: instantOrNull(deliveredAt),
      dueAt: instantOrNull(dueAt),
    })),
  ];
  return entries.toSorted((a, b) => a.at.localeCompare(b.at) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

function instantOrNull(atMs: number | null): string | null {
  return atMs === null ? null : instant(atMs);
}
