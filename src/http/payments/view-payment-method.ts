import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { methodObject, toMethod } from "./method-object";
import { ownMethod } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const viewPaymentMethod = defineRoute(paymentsDialect, {
  operationId: "view-payment-method",
  method: "get",
  path: "/payment-methods/:id",
  ...described(() => ({
    tag: "Payment methods",
    summary: "One payment method of the shopper",
    responses: {
      200: { description: "The method", schema: envelopeObject({ data: methodObject, meta: statusMeta(200) }) },
    },
    errors: { 404: ["method_unknown"] },
  })),
  access: "shopper",
  scope: "payments",
  params: () => z.object({ id: z.string() }),
  ...ownMethod,
  async handle({ found, request }) {
    return ok(envelope({ data: toMethod(found), meta: { status_code: 200 } }, request));
  },
});
