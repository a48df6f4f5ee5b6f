import { selectPaymentDisputes } from "../../db/payments/dispute-lists";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { disputeObject, toDispute } from "./dispute-object";
import { disputeParams } from "./fields";
import { envelope, envelopeObject, messageMeta } from "./print-success";

export const viewPaymentDispute = defineRoute(paymentsDialect, {
  operationId: "view-payment-dispute",
  method: "get",
  path: "/disputes/:id",
  ...described(() => ({
    tag: "Disputes",
    summary: "One dispute",
    responses: {
      200: { description: "The dispute", schema: envelopeObject({ data: disputeObject, meta: messageMeta(200) }) },
    },
    errors: { 404: ["dispute_unknown"] },
  })),
  access: "app",
  scope: "payments",
  params: disputeParams,
  load: ({ db, params: { id = "" } }) => [selectPaymentDisputes(db, id)],
  find: ([disputes]) => disputes,
  async handle({ caller: { app }, found: disputes, request }) {
    const found = disputes.find(({ dispute }) => dispute.appId === app.id);
    if (!found) return { refusal: "dispute_unknown" };
    const meta = { message: "Dispute retrieved successfully", status_code: 200 };
    return ok(envelope({ data: toDispute(found), meta }, request));
  },
});
