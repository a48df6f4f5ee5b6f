import * as z from "zod";
import { ledgerMovements } from "../../db/ledger";
import { exactNumber } from "../../domain/exact-number";
import { ledgerAccounts } from "../../domain/ledger";
import { dayMs } from "../../domain/time";
import { described, forDescription } from "../described";
import { instantQuery } from "../instant-query";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { exactInteger } from "./exact-integer";

const pointsMax = 400;

/** The time that is shown if nobody says from when. */
const usualMs = 30 * dayMs;

const movedMinor = forDescription(() => exactInteger.meta({ description: "Minor units." }));

export const viewAccountBalances = defineRoute(adminDialect, {
  operationId: "view-account-balances",
  method: "get",
  path: "/admin/ledger/accounts/:account/balances",
  ...described(() => ({
    tag: "Operator",
    summary: "How the balance of one account has moved, over time",
    description:
      "At most 400 points, each with what was debited and credited until its moment since the one before; a point without movement is left out. They begin at the balance that `GET /admin/ledger?as_of=` shows for `from`. A thousand changes are looked at, whatever account they concern; if there are more, `scanned_to` says how far, and the next request goes on from there.",
    responses: {
      200: {
        description: "The points, oldest first",
        schema: z.strictObject({
          data: z.strictObject({
            account: z.string(),
            currency: z.string(),
            from: z.iso.datetime(),
            to: z.iso.datetime(),
            points: z.array(
              z
                .strictObject({ at: z.iso.datetime(), debitMinor: movedMinor, creditMinor: movedMinor })
                .meta({ id: "AccountPoint" }),
            ),
          }),
          scanned_to: z.iso.datetime().optional(),
        }),
      },
    },
    errors: { 404: ["id_unknown"] },
  })),
  access: "operator",
  params: () => z.object({ account: z.string() }),
  query: () =>
    z
      .object({
        currency: z.string().min(1).max(3),
        from: instantQuery()
          .optional()
          .meta(forDescription(() => ({ description: "Behind this moment; thirty days before `to` if not said." }))),
        to: instantQuery()
          .optional()
          .meta(forDescription(() => ({ description: "Until this moment, it included; now if not said." }))),
      })
      .refine(({ from = 0, to = Number.POSITIVE_INFINITY }) => from < to, {
        path: ["from"],
        message: "must be before to",
      }),
  find: (_, { account = "" }) => (Object.hasOwn(ledgerAccounts, account) ? { account } : "id_unknown"),
  async handle({ edge, found: { account }, query: { currency, from, to = edge.deps.nowMs() } }) {
    const fromMs = Math.min(from ?? to - usualMs, to);
    const stepMs = Math.max(Math.ceil((to - fromMs) / pointsMax), 1);
    const { sums, scannedToMs } = await ledgerMovements(edge.deps.db, { account, currency, fromMs, toMs: to, stepMs });
    const iso = (ms: number) => new Date(ms).toISOString();
    const points = sums.map(({ step, debitMinor, creditMinor }) => ({
      at: iso(Math.min(fromMs + (step + 1) * stepMs, to)),
      debitMinor: exactNumber(debitMinor),
      creditMinor: exactNumber(creditMinor),
    }));
    return ok({
      data: { account, currency, from: iso(fromMs), to: iso(to), points },
      ...(scannedToMs === undefined ? {} : { scanned_to: iso(scannedToMs) }),
    });
  },
});
