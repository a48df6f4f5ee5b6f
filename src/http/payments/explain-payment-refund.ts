import { explainRow } from "../../domain/explained-rows";
import { described } from "../described";
import { explanationsObject, toExplanations } from "../explanation-object";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { refundParams } from "./fields";
import { isOwn, namedRefund } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const explainPaymentRefund = defineRoute(paymentsDialect, {
  operationId: "explain-payment-refund",
  method: "get",
  path: "/refunds/:id/explanation",
  ...described(() => ({
    tag: "Refunds",
    summary: "Why a refund has not ended",
    responses: {
      200: { description: "The reasons", schema: envelopeObject({ data: explanationsObject, meta: statusMeta(200) }) },
    },
    errors: { 404: ["refund_unknown"] },
  })),
  access: "shopper",
  scope: "payments",
  params: refundParams,
  ...namedRefund,
  async handle({ caller, found: { refund, payment }, request }) {
    if (!refund || !payment || !isOwn(caller, payment)) return { refusal: "refund_unknown" };
    const list = explainRow("payment_refund", { ...refund, dueAt: payment.dueAt });
    return ok(envelope({ data: toExplanations(list, "developer"), meta: { status_code: 200 } }, request));
  },
});
