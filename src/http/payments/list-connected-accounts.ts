import * as z from "zod";
import { pageOfAccounts } from "../../db/payments/account-lists";
import { accountStates } from "../../domain/account";
import { described, forDescription } from "../described";
import { readEmail } from "../identifying-text";
import { createdQuery, createdRangeOf, cursorPageOf, listQuery } from "../page";
import { defineRoute } from "../serve";
import { accountSummary, toAccountSummary } from "./account-object";
import { paymentsDialect } from "./dialect";
import { text } from "./fields";
import { answerEnvelope, pageLinks, pageMeta } from "./page-by-cursor";
import { envelopeObject } from "./print-success";

export const listConnectedAccounts = defineRoute(paymentsDialect, {
  operationId: "list-connected-accounts",
  method: "get",
  path: "/connected-accounts",
  ...described(() => ({
    tag: "Connected accounts",
    summary: "The developer's connected accounts",
    description: `As they stood when Stripe was asked last. Deleted ones are not listed.`,
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(accountSummary), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "developer",
  scope: "accounts",
  query: () =>
    listQuery({
      status: z.enum(accountStates).optional(),
      email: text()
        .transform((sent) => readEmail(sent) ?? sent)
        .optional()
        .meta(forDescription(() => ({ description: "The whole address, in any case." }))),
      ...createdQuery(),
    }),
  async handle({ edge, caller, query, request }) {
    const { status: state, email } = query;
    const filter = { developerId: caller.developer.id, state, email, ...createdRangeOf(query) };
    const found = await pageOfAccounts(edge.deps.db, filter, cursorPageOf(query));
    return answerEnvelope(query, found, { print: toAccountSummary, idOf: ({ stripeId }) => stripeId ?? "" }, request);
  },
});
