import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { refundParams } from "./fields";
import { isOwn, namedRefund } from "./own-objects";
import { printRefund, refundAnswer } from "./refund-object";

export const viewPaymentRefund = defineRoute(paymentsDialect, {
  operationId: "view-payment-refund",
  method: "get",
  path: "/refunds/:id",
  ...described(() => ({
    tag: "Refunds",
    summary: "One refund",
    responses: { 200: { description: "The refund", schema: refundAnswer } },
    errors: { 404: ["refund_unknown"] },
  })),
  access: "shopper",
  scope: "payments",
  params: refundParams,
  ...namedRefund,
  async handle({ caller, found: { refund, payment }, request }) {
    if (!refund || !payment || !isOwn(caller, payment)) return { refusal: "refund_unknown" };
    return ok(printRefund({ refund, payment }, "Refund retrieved successfully", request));
  },
});
