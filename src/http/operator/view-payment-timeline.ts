import * as z from "zod";
import { timelineOf } from "../../db/operator/timeline";
import { selectPayment } from "../../db/payments/payment-views";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { printTimeline, timelineEntries } from "./timeline";

export const viewPaymentTimeline = defineRoute(adminDialect, {
  operationId: "view-payment-timeline",
  method: "get",
  path: "/admin/payments/:id/timeline",
  ...described(() => ({
    tag: "Operator",
    summary: "Everything that happened to a payment, in order",
    description:
      "By the PaymentIntent's id, or by ours: a payment that Stripe has not named has one, too. Changes, calls to Stripe and events from it, ledger lines, what was told, and how its delivery went.",
    responses: {
      200: {
        description: "The timeline, oldest first",
        schema: z.strictObject({
          data: z.strictObject({ paymentId: z.string(), transactionId: z.string(), entries: timelineEntries }),
        }),
      },
    },
    errors: { 404: ["payment_unknown"] },
  })),
  access: "operator",
  securityEvent: "personal_data_viewed",
  params: () => z.object({ id: z.string() }),
  load: ({ db, params: { id = "" } }) => [selectPayment(db, id)],
  find: ([[found]]) => found?.payment ?? "payment_unknown",
  async handle({ edge, params: { id: transactionId }, found: { id: paymentId } }) {
    const entries = printTimeline(await timelineOf(edge.deps.db, [paymentId]));
    return ok({ data: { paymentId, transactionId, entries } });
  },
});
