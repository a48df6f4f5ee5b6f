import * as z from "zod";
import { loadExport } from "../../db/offers/export-profile";
import { emailKey } from "../../db/offers/users";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { limit } from "./credentials";
import { offersDialect } from "./dialect";
import { toTimestamp } from "./timestamp";

const exportedRows = forDescription(() => z.array(z.record(z.string(), z.unknown())));

export const exportProfile = defineRoute(offersDialect, {
  operationId: "export-profile",
  method: "get",
  path: "/me/export",
  ...described(() => ({
    tag: "Users",
    summary: "Everything that is kept about the current user",
    description:
      "Rows as they are stored, times as timestamps, amounts in minor units. Of other people there are ids only. " +
      "Most users get all of it at once. Where `meta.next` is not null, the next part has the next 50 " +
      "testimonies or offers with their payments, and the next 500 notifications and changes. Each part is recorded " +
      "in the user's journal, and counts like a login.",
    responses: {
      200: {
        description: "One part",
        schema: z.strictObject({
          data: z.strictObject({
            profile: z.record(z.string(), z.unknown()),
            sessions: exportedRows,
            payoutAccounts: exportedRows,
            debts: exportedRows,
            debtEntries: exportedRows,
            testimonies: exportedRows.optional().meta({ description: "Of a client, with `checkouts` and `refunds`." }),
            checkouts: exportedRows.optional(),
            refunds: exportedRows.optional(),
            offers: exportedRows.optional().meta({ description: "Of an expert, with `payouts`." }),
            payouts: exportedRows.optional(),
            disputes: exportedRows,
            notifications: exportedRows,
            changes: exportedRows.meta({ description: "The journal of the account." }),
          }),
          meta: z.strictObject({ next: z.string().nullable().meta({ description: "The `from` of the next part." }) }),
        }),
      },
    },
  })),
  access: "user",
  securityEvent: "personal_data_viewed",
  query: () =>
    z.object({
      from: z
        .string()
        .regex(/^[\w-]*~[\w-]*~\d{1,9}$/)
        .optional(),
    }),
  async handle({ edge, caller, query: { from: sent = "~~0" } }) {
    const stop = await limit(edge, "export", emailKey(caller.email));
    if (stop) return stop;
    const [caseId = "", notificationId = "", version] = sent.split("~");
    const from = { caseId, notificationId, version: Number(version) };
    const { session: _, ...user } = caller;
    const { lists, next } = await loadExport(edge.deps.db, user, from, edge.deps.nowMs());
    await edge.deps.enqueueCommands([{ name: "note-export", input: { userId: user.id } }]);
    const printed = lists.map(([name, rows]) => [name, rows.map(print)]);
    return ok({
      data: { profile: print(user), ...Object.fromEntries(printed) },
      meta: { next: next ? Object.values(next).join("~") : null },
    });
  },
});

/** Prints a row: its times are the numbers whose names say so. */
function print(row: object): Record<string, unknown> {
  const isTime = (name: string) => /At$|^at$|Until$/.test(name);
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "number" && isTime(name) ? toTimestamp(value) : value,
    ]),
  );
}
