import * as z from "zod";
import { selectAccounts } from "../../db/payments/connected-accounts";
import { accountStates } from "../../domain/account";
import { described } from "../described";
import { readEmail } from "../identifying-text";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { accountSummary, toAccountSummary } from "./account-object";
import { paymentsDialect } from "./dialect";
import { text } from "./fields";
import { envelopePage, pageLinks, pageMeta, pageQuery } from "./page-by-cursor";
import { envelopeObject } from "./print-success";

export const listConnectedAccounts = defineRoute(paymentsDialect, {
  operationId: "list-connected-accounts",
  method: "get",
  path: "/connected-accounts",
  ...described(() => ({
    tag: "Connected accounts",
    summary: "The developer's connected accounts",
    description: "Newest first, as they stood when Stripe was asked last. Deleted ones are not listed.",
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(accountSummary), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "developer",
  query: z.object({
    ...pageQuery,
    status: z.enum(accountStates).optional(),
    email: text()
      .transform((sent) => readEmail(sent) ?? sent)
      .optional(),
  }),
  async handle({ edge, caller, query: { starting_after: after, limit, status: state, email }, request }) {
    const { db } = edge.deps;
    const filter = { developerId: caller.developer.id, state, email };
    const [rows] = await db.batch([selectAccounts(db, filter, { after, limit: limit + 1 })]);
    const page = { limit, print: toAccountSummary, idOf: (row: (typeof rows)[number]) => row.stripeId ?? "" };
    return ok(envelopePage(rows, page, request));
  },
});
