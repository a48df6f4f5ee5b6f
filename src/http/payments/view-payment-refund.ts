import { selectPaymentRefund } from "../../db/payments";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { isOwn } from "./own-payment";
import { refundParams } from "./parameters";
import { printRefund, refundAnswer } from "./refund-object";

export const viewPaymentRefund = defineRoute(paymentsDialect, {
  operationId: "view-payment-refund",
  method: "get",
  path: "/refunds/:id",
  tag: "Refunds",
  summary: "One refund",
  access: "shopper",
  params: refundParams,
  responses: { 200: { description: "The refund", schema: refundAnswer } },
  errors: [404],
  load: ({ db, params: { id = "" } }) => [selectPaymentRefund(db, id)],
  find: ([[found]]) => ({ found }),
  async handle({ caller, found: { found }, request }) {
    if (!found || !isOwn(caller, found.payment)) return { refusal: "refund_unknown" };
    return ok(printRefund(found, "Refund retrieved successfully", request));
  },
});
