import * as z from "zod";
import { pageOfPaymentMethods } from "../../db/payments/payment-methods";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, listQuery } from "../page";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { methodObject, toMethod } from "./method-object";
import { answerEnvelope, pageLinks, pageMeta } from "./page-by-cursor";
import { envelopeObject } from "./print-success";

export const listPaymentMethods = defineRoute(paymentsDialect, {
  operationId: "list-payment-methods",
  method: "get",
  path: "/payment-methods",
  ...described(() => ({
    tag: "Payment methods",
    summary: "The shopper's payment methods",
    description: "One of them is preferred. Cursors take our ids, the `id` of a method.",
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(methodObject), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "shopper",
  scope: "payments",
  query: () => listQuery(createdQuery()),
  async handle({ edge, caller, query, request }) {
    const created = createdRangeOf(query);
    const found = await pageOfPaymentMethods(edge.deps.db, caller.user.id, created, cursorPageOf(query));
    return answerEnvelope(query, found, { print: toMethod, idOf: ({ id }) => id }, request);
  },
});
