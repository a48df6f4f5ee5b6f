import { selectPayment } from "../../db/payments/payment-views";
import { readUnfinished } from "../../db/payments/unfinished";
import { explainPayment as explain, explainRow } from "../../domain/explained-rows";
import { described } from "../described";
import { explanationsObject, toExplanations } from "../explanation-object";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { transactionParams } from "./fields";
import { ownPayment } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const explainPayment = defineRoute(paymentsDialect, {
  operationId: "explain-payment",
  method: "get",
  path: "/transactions/:id/explanation",
  ...described(() => ({
    tag: "Transactions",
    summary: "Why a transaction has not ended",
    description:
      "What it waits for, with its refunds and disputes: since when, what happens by itself, and what the caller can do.",
    responses: {
      200: { description: "The reasons", schema: envelopeObject({ data: explanationsObject, meta: statusMeta(200) }) },
    },
    errors: { 404: ["payment_unknown"] },
  })),
  access: "shopper",
  scope: "payments",
  params: transactionParams,
  load: ({ db, params: { id = "" } }) => [selectPayment(db, id)],
  find: ([payments]) => payments,
  async handle({ edge, caller, found, request }) {
    const payment = ownPayment(caller, found);
    if (!payment) return { refusal: "payment_unknown" };
    const { refunds, disputes, calls } = await readUnfinished(edge.deps.db, payment.id);
    const list = [
      ...explain(payment, calls),
      ...refunds.flatMap((one) => explainRow("payment_refund", { ...one, dueAt: payment.dueAt })),
      ...disputes.flatMap((one) => explainRow("payment_dispute", { ...one, id: one.stripeId, dueAt: one.dueBy })),
    ];
    return ok(envelope({ data: toExplanations(list, "developer"), meta: { status_code: 200 } }, request));
  },
});
