import { selectPayment } from "../../db/payments/payment-views";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { transactionParams } from "./fields";
import { ownPayment } from "./own-objects";
import { paymentAnswer, printPayment } from "./payment-object";

export const viewPayment = defineRoute(paymentsDialect, {
  operationId: "view-payment",
  method: "get",
  path: "/transactions/:id",
  ...described(() => ({
    tag: "Transactions",
    summary: "One transaction",
    responses: { 200: { description: "The transaction", schema: paymentAnswer } },
    errors: { 404: ["payment_unknown"] },
  })),
  access: "shopper",
  scope: "payments",
  params: transactionParams,
  load: ({ db, params: { id = "" } }) => [selectPayment(db, id)],
  find: ([payments]) => payments,
  async handle({ caller, found, request }) {
    const payment = ownPayment(caller, found);
    if (!payment) return { refusal: "payment_unknown" };
    return ok(printPayment(payment, "Transaction retrieved successfully", request));
  },
});
