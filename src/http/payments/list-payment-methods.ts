import * as z from "zod";
import { selectPaymentMethods } from "../../db/payments/payment-methods";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { methodObject, toMethod } from "./method-object";
import { envelopePage, pageLinks, pageMeta, pageQuery } from "./page-by-cursor";
import { envelopeObject } from "./print-success";

export const listPaymentMethods = defineRoute(paymentsDialect, {
  operationId: "list-payment-methods",
  method: "get",
  path: "/payment-methods",
  ...described(() => ({
    tag: "Payment methods",
    summary: "The shopper's payment methods",
    description: "Newest first. One of them is preferred.",
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(methodObject), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "shopper",
  query: z.object(pageQuery),
  async handle({ edge, caller, query: { starting_after: after, limit }, request }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectPaymentMethods(db, caller.user.id, { after, limit: limit + 1 })]);
    return ok(envelopePage(rows, { limit, print: toMethod, idOf: ({ id }) => id }, request));
  },
});
