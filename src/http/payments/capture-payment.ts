import * as z from "zod";
import { selectPayment } from "../../db/payments/payment-views";
import { partProblem } from "../../domain/payments/charge-amount";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { amount, transactionParams } from "./fields";
import { ownPayment } from "./own-objects";
import { paymentAnswer, printPayment } from "./payment-object";

export const capturePayment = defineRoute(paymentsDialect, {
  operationId: "capture-payment",
  method: "post",
  path: "/transactions/:id/capture",
  ...described(() => ({
    tag: "Transactions",
    summary: "Take what was authorised, all or a part",
    description: "Once: what is not taken is released, and our fee is in proportion.",
    bodyExample: { amount_to_capture: 800 },
    responses: { 200: { description: "Captured", schema: paymentAnswer } },
    errors: {
      404: ["payment_unknown"],
      409: ["account_gone", "authorization_expired", "method_gone", "payment_exists", "state_wrong"],
      422: ["amount_exceeds_authorization"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "shopper",
  scope: "payments",
  params: transactionParams,
  body: () => z.object({ amount_to_capture: amount().optional() }),
  load: ({ db, params: { id = "" } }) => [selectPayment(db, id)],
  find: ([payments]) => payments,
  async handle({ caller, body, found, request, perform }) {
    const payment = ownPayment(caller, found);
    if (!payment) return { refusal: "payment_unknown" };
    const problem = partProblem(body.amount_to_capture ?? 0, payment.currency);
    if (problem !== undefined) return { answer: unfit(problem) };
    const { id: paymentId, developerId, appId, orderId } = payment;
    const key = { paymentId, developerId, appId, orderId };
    const result = await perform({ name: "capture-payment", input: { ...key, amountMinor: body.amount_to_capture } });
    return result.ok ? ok(printPayment(result.value, "Payment captured successfully", request)) : result;
  },
});

const unfit = (problem: string) =>
  ({ status: 422, text: `amount_to_capture ${problem}`, field: "amount_to_capture", code: "input_invalid" }) as const;
