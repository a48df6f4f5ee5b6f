import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { methodObject, toMethod } from "./method-object";
import { ownMethod } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const preferPaymentMethod = defineRoute(paymentsDialect, {
  operationId: "prefer-payment-method",
  method: "patch",
  path: "/payment-methods/:id",
  ...described(() => ({
    tag: "Payment methods",
    summary: "Make it the preferred one",
    description: "The one that was preferred is so no more. To take the preference from a method, prefer another one.",
    bodyExample: { preferred: true },
    responses: {
      200: { description: "The method", schema: envelopeObject({ data: methodObject, meta: statusMeta(200) }) },
    },
    errors: { 404: ["method_unknown"] },
  })),
  access: "shopper",
  scope: "payments",
  params: () => z.object({ id: z.string() }),
  body: () => z.object({ preferred: z.literal(true) }),
  ...ownMethod,
  async handle({ caller, found, perform, request }) {
    const input = { userId: caller.user.id, id: found.id };
    const result = await perform({ name: "prefer-payment-method", input });
    if (!result.ok) return result;
    return ok(envelope({ data: toMethod(result.value), meta: { status_code: 200 } }, request));
  },
});
