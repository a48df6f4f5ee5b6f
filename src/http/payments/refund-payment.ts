import * as z from "zod";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { accountId, amount, orderId, text } from "./fields";
import { namedAccount, ownOf } from "./own-objects";
import { printRefund, refundAnswer } from "./refund-object";
import { refundPaymentDialect } from "./route-dialects";

export const refundPayment = defineRoute(refundPaymentDialect, {
  operationId: "refund-payment",
  method: "post",
  path: "/refunds",
  ...described(() => ({
    tag: "Refunds",
    summary: "Give an order's money back, all or a part",
    description: "What was only authorised is released. Two equal partial refunds are two; a repeated key is one.",
    bodyExample: { order_id: "order-1001", account_id: "acct_1Nv0FGQ9RKHgCVdK", amount: 250, reason: "Damaged" },
    responses: { 200: { description: "Asked for; `data.status` says how far it is", schema: refundAnswer } },
    errors: {
      401: ["account_foreign"],
      404: ["payment_unknown"],
      409: ["account_gone", "method_gone", "nothing_refundable", "state_wrong"],
      422: ["amount_exceeds_refundable", "amount_refused", "terms_differ"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "shopper",
  scope: "payments",
  body: () =>
    z.object({
      order_id: orderId(),
      account_id: accountId(),
      amount: amount()
        .optional()
        .meta(forDescription(() => ({ description: "Without it: all that is left. Minor units." }))),
      reason: text().optional(),
    }),
  ...namedAccount,
  async handle({ caller, body, found, request, perform }) {
    if (!ownOf(caller, found.account)) return { refusal: "account_foreign" };
    const { developer, app, user } = caller;
    const result = await perform({
      name: "refund-payment",
      input: {
        developerId: developer.id,
        appId: app.id,
        userId: user.id,
        orderId: body.order_id,
        accountId: body.account_id,
        amountMinor: body.amount,
        reason: body.reason ?? null,
      },
    });
    if (result.ok) return ok(printRefund(result.value, "Refund request created successfully", request));
    return result.refusal === "order_unknown" ? { ...result, detail: body.order_id } : result;
  },
});
