import * as z from "zod";
import { selectConnectedAccount } from "../../db/payments/connected-accounts";
import { described, forDescription } from "../described";
import { defineRoute } from "../serve";
import { accountId, amount, currency, orderId } from "./fields";
import { ownOf } from "./own-objects";
import { paymentDetails } from "./payment-details";
import { statuses, statusOf, transactionIdOf, withAction } from "./payment-object";
import { envelope, envelopeObject, messageMeta } from "./print-success";
import { createPaymentDialect } from "./route-dialects";

const paymentData = forDescription(() =>
  z.strictObject({
    client_secret: z.string().nullable().meta({ description: "Null once nobody can pay it any more." }),
    status: z.enum(statuses),
    transaction_id: z.string().meta({ description: "Id of the PaymentIntent." }),
  }),
);

const message = "Payment initiated successfully";

export const createPayment = defineRoute(createPaymentDialect, {
  operationId: "create-payment",
  method: "post",
  path: "/transactions",
  ...described(() => ({
    tag: "Transactions",
    summary: "Start to pay an order",
    description:
      "The order's terms decide; what is named beside them must be the same. Without terms, `account_id` and `amount` are required. Asked again while the transaction is live, the answer is the same transaction. `description`, `statement_descriptor_suffix`, `receipt_email` and `metadata` are passed on to Stripe; where they are sent again they must be the same.",
    bodyExample: {
      order_id: "order-1001",
      account_id: "acct_1Nv0FGQ9RKHgCVdK",
      amount: 1000,
      metadata: { cart: "c-77" },
    },
    responses: {
      200: { description: "The live one", schema: envelopeObject({ data: paymentData, meta: messageMeta(200) }) },
      201: { description: "New", schema: envelopeObject({ data: paymentData, meta: messageMeta(201) }) },
    },
    errors: {
      401: ["account_foreign"],
      409: ["account_gone", "method_gone", "order_cancelled", "payment_exists", "stripe_refused"],
      422: ["amount_refused", "currency_refused", "terms_differ", "terms_missing"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "shopper",
  scope: "payments",
  bodyLimitBytes: 32 * 1024,
  body: () =>
    z.object({
      order_id: orderId(),
      account_id: accountId().optional(),
      amount: amount().optional(),
      currency: currency().optional(),
      capture_method: z.enum(["automatic", "manual"]).optional(),
      ...paymentDetails(),
    }),
  load: ({ db, body }) => [selectConnectedAccount(db, body?.account_id ?? "")],
  find: ([[found]]) => ({ account: found?.account }),
  async handle({ edge, caller, body, found, request, perform }) {
    if (body.account_id !== undefined && !ownOf(caller, found.account)) return { refusal: "account_foreign" };
    const { developer, app, user } = caller;
    const result = await perform({
      name: "create-payment",
      input: {
        developerId: developer.id,
        appId: app.id,
        userId: user.id,
        orderId: body.order_id,
        accountId: body.account_id,
        amountMinor: body.amount,
        currency: body.currency,
        captureMethod: body.capture_method,
        details: {
          description: body.description ?? null,
          statementDescriptorSuffix: body.statement_descriptor_suffix ?? null,
          receiptEmail: body.receipt_email ?? null,
          metadata: body.metadata ?? null,
        },
      },
    });
    if (!result.ok) return result;
    const { created } = result.value;
    const payment = await withAction(edge, result.value.payment);
    const status = created ? 201 : 200;
    const data: z.infer<typeof paymentData> = {
      client_secret: payment.clientSecret,
      status: statusOf(payment),
      transaction_id: transactionIdOf(payment),
    };
    return { status, body: envelope({ data, meta: { message, status_code: status } }, request) };
  },
});
