import * as z from "zod";
import { selectConnectedAccount } from "../../db/payments/connected-accounts";
import { type PaymentView, selectPayment } from "../../db/payments/payment-views";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { accountId, text, transactionId } from "./fields";
import { mandateData, mandateOf } from "./mandate-data";
import { ownOf, ownPayment } from "./own-objects";
import { action, actionOf, statuses, statusOf, withAction } from "./payment-object";
import { envelope, envelopeObject, messageMeta } from "./print-success";
import { refuseReturnUrls } from "./return-url";
import { confirmPaymentDialect } from "./route-dialects";

const confirmed = "Payment confirmed successfully";

/** States in which the money is there, or nobody has to act for it to come. */
const confirmedStates: readonly PaymentView["state"][] = ["succeeded", "requires_capture", "processing"];

export const confirmPayment = defineRoute(confirmPaymentDialect, {
  operationId: "confirm-payment",
  method: "post",
  path: "/transactions/confirm",
  ...described(() => ({
    tag: "Transactions",
    summary: "Pay, with a payment method",
    description: "`data.status` says what came of it: the shopper may have to authenticate, the bank may need days.",
    bodyExample: {
      transaction_id: "pi_3MtwBwLkdIwHu7ix28a3tqPa",
      payment_method_id: "pm_card_visa",
      account_id: "acct_1Nv0FGQ9RKHgCVdK",
    },
    responses: {
      200: {
        description: "Stripe took it",
        schema: envelopeObject({
          data: z
            .strictObject({
              message: z.string(),
              status_code: z.literal(200),
              account_id: z.string(),
              status: z.enum(statuses),
              ...action,
            })
            .meta({ id: "ConfirmedPayment" }),
          meta: messageMeta(200),
        }),
      },
    },
    errors: {
      401: ["account_foreign"],
      402: ["card_declined"],
      404: ["method_unknown", "payment_unknown"],
      409: ["account_gone", "method_gone", "order_cancelled", "payment_uncertain", "state_wrong"],
      422: ["mandate_required", "method_refused", "terms_differ"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "shopper",
  scope: "payments",
  bodyLimitBytes: 16 * 1024,
  body: () =>
    z.object({
      transaction_id: transactionId(),
      payment_method_id: text().meta(
        forDescription(() => ({ description: "Stripe's id of the method, or ours of a stored one." })),
      ),
      account_id: accountId(),
      return_url: text(2_048)
        .optional()
        .meta(forDescription(() => ({ description: "https. Where the shopper comes back to from the bank." }))),
      mandate_data: mandateData()
        .optional()
        .meta(
          forDescription(() => ({
            description:
              "For a debit of a bank account: how the shopper allowed it. Not needed where Stripe knows a mandate.",
          })),
        ),
    }),
  load: ({ db, body }) => [
    selectConnectedAccount(db, body?.account_id ?? ""),
    selectPayment(db, body?.transaction_id ?? ""),
  ],
  find: ([[account], payments]) => ({ account: account?.account, payments }),
  async handle({ edge, caller, body, found, request, perform }) {
    const refused = refuseReturnUrls(edge, { return_url: body.return_url });
    if (refused) return refused;
    if (!ownOf(caller, found.account)) return { refusal: "account_foreign" };
    const payment = ownPayment(caller, found.payments);
    if (!payment) return { refusal: "payment_unknown" };
    if (payment.stripeAccountId !== body.account_id)
      return { refusal: "terms_differ", facts: { fields: ["account_id"] } };
    const { id: paymentId, developerId, appId, userId, orderId } = payment;
    const result = await perform({
      name: "confirm-payment",
      input: {
        paymentId,
        developerId,
        appId,
        userId,
        orderId,
        methodId: body.payment_method_id,
        returnUrl: body.return_url,
        mandate: body.mandate_data && mandateOf(body.mandate_data),
      },
    });
    return result.ok ? ok(print(await withAction(edge, result.value), request)) : result;
  },
});

function print(payment: PaymentView, request: Request) {
  const message = messageFor(payment);
  const { stripeAccountId: account_id } = payment;
  const data = { message, status_code: 200, account_id, status: statusOf(payment), ...actionOf(payment) };
  return envelope({ data, meta: { message, status_code: 200 } }, request);
}

function messageFor({ state }: PaymentView): string {
  if (confirmedStates.includes(state)) return confirmed;
  return state === "requires_action" ? "Payment requires action" : `Payment has the status ${state}`;
}
