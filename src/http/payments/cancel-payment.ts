import * as z from "zod";
import { selectPayment } from "../../db/payments/payment-views";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { text, transactionParams } from "./fields";
import { ownPayment } from "./own-objects";
import { paymentAnswer, printPayment } from "./payment-object";

export const cancelPayment = defineRoute(paymentsDialect, {
  operationId: "cancel-payment",
  method: "post",
  path: "/transactions/:id/cancel",
  ...described(() => ({
    tag: "Transactions",
    summary: "End a transaction that has brought no money",
    description: "What is authorised is released. Afterwards the order may be paid by a new transaction.",
    bodyExample: { reason: "The shopper has changed her mind." },
    responses: { 200: { description: "Canceled", schema: paymentAnswer } },
    errors: {
      404: ["payment_unknown"],
      409: ["account_gone", "method_gone", "state_wrong"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "shopper",
  scope: "payments",
  params: transactionParams,
  body: () => z.object({ reason: text().optional() }),
  load: ({ db, params: { id = "" } }) => [selectPayment(db, id)],
  find: ([payments]) => payments,
  async handle({ caller, body, found, request, perform }) {
    const payment = ownPayment(caller, found);
    if (!payment) return { refusal: "payment_unknown" };
    const { id: paymentId, developerId, appId, orderId } = payment;
    const key = { paymentId, developerId, appId, orderId };
    const result = await perform({ name: "cancel-payment", input: { ...key, reason: body.reason ?? null } });
    return result.ok ? ok(printPayment(result.value, "Payment canceled successfully", request)) : result;
  },
});
