import * as z from "zod";
import { pageOfPaymentRefunds } from "../../db/payments/refund-lists";
import { canonicalId } from "../../domain/id";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, listQuery } from "../page";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { accountId, text } from "./fields";
import { answerEnvelope, pageLinks, pageMeta } from "./page-by-cursor";
import { envelopeObject } from "./print-success";
import { listedRefund, refundStatuses, toListedRefund } from "./refund-object";

export const listPaymentRefunds = defineRoute(paymentsDialect, {
  operationId: "list-payment-refunds",
  method: "get",
  path: "/refunds",
  ...described(() => ({
    tag: "Refunds",
    summary: "The refunds of an app's transactions",
    description: `All of them: asked for here, by the clock, or at Stripe.`,
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(listedRefund), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "app",
  scope: "payments",
  query: () =>
    listQuery({
      status: z.enum(Object.keys(refundStatuses) as (keyof typeof refundStatuses)[]).optional(),
      order_id: text().optional(),
      account_id: accountId().optional(),
      user_id: text().transform(canonicalId).optional(),
      ...createdQuery(),
    }),
  async handle({ edge, caller: { developer, app }, query, request }) {
    const filter = {
      developerId: developer.id,
      appId: app.id,
      states: query.status && refundStatuses[query.status],
      orderId: query.order_id,
      accountId: query.account_id,
      userId: query.user_id,
      ...createdRangeOf(query),
    };
    const found = await pageOfPaymentRefunds(edge.deps.db, filter, cursorPageOf(query));
    return answerEnvelope(query, found, { print: toListedRefund, idOf: ({ refund }) => refund.id }, request);
  },
});
