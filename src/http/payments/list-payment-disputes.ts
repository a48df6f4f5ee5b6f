import * as z from "zod";
import { pageOfPaymentDisputes } from "../../db/payments/dispute-lists";
import { canonicalId } from "../../domain/id";
import { disputeStates } from "../../domain/money-back";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, listQuery } from "../page";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { disputeObject, toDispute } from "./dispute-object";
import { accountId, text } from "./fields";
import { answerEnvelope, pageLinks, pageMeta } from "./page-by-cursor";
import { envelopeObject } from "./print-success";

export const listPaymentDisputes = defineRoute(paymentsDialect, {
  operationId: "list-payment-disputes",
  method: "get",
  path: "/disputes",
  ...described(() => ({
    tag: "Disputes",
    summary: "The disputes of an app's transactions",
    description: `In the order in which we heard of them. They are answered at Stripe, by the account.`,
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(disputeObject), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "app",
  scope: "payments",
  query: () =>
    listQuery({
      status: z.enum(disputeStates).optional(),
      order_id: text().optional(),
      account_id: accountId().optional(),
      user_id: text().transform(canonicalId).optional(),
      ...createdQuery(),
    }),
  async handle({ edge, caller: { developer, app }, query, request }) {
    const filter = {
      developerId: developer.id,
      appId: app.id,
      state: query.status,
      orderId: query.order_id,
      accountId: query.account_id,
      userId: query.user_id,
      ...createdRangeOf(query),
    };
    const found = await pageOfPaymentDisputes(edge.deps.db, filter, cursorPageOf(query));
    return answerEnvelope(query, found, { print: toDispute, idOf: ({ dispute }) => dispute.stripeId }, request);
  },
});
