import * as z from "zod";
import { chargeProblem, partProblem } from "../../domain/payments/charge-amount";
import { described } from "../described";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { accountId, amount, currency, orderId, orderParams } from "./fields";
import { orderAnswer, printOrder } from "./order-object";

/** Dollars, if the request names no currency. */
const currencyDefault = "usd";

const fee = () => amount({ min: 0 });

export const putOrder = defineRoute(paymentsDialect, {
  operationId: "put-order",
  method: "put",
  path: "/orders/:orderId",
  ...described(() => ({
    tag: "Orders",
    summary: "Say what an order costs, and where it is paid",
    description:
      "Then the order's id alone makes its transaction. While a transaction stands for it, it stays as it is.",
    bodyExample: { amount: 1000, currency: "usd", account_id: "acct_1Nv0FGQ9RKHgCVdK", application_fee_amount: 50 },
    responses: {
      200: { description: "As it is now", schema: orderAnswer(200) },
      201: { description: "New", schema: orderAnswer(201) },
    },
    errors: {
      401: ["account_foreign"],
      409: ["account_gone", "order_cancelled", "payment_exists"],
      422: ["currency_refused"],
    },
  })),
  access: "app",
  scope: "payments",
  params: orderParams,
  body: () =>
    z
      .object({
        amount: amount(),
        currency: currency().default(currencyDefault),
        account_id: accountId(),
        application_fee_amount: fee()
          .optional()
          .transform((value) => value ?? 0),
      })
      .refine((order) => order.application_fee_amount <= order.amount, {
        path: ["application_fee_amount"],
        error: "must not be above the amount",
      })
      .superRefine(({ amount, application_fee_amount, currency }, context) => {
        const problems = {
          amount: chargeProblem(amount, currency),
          application_fee_amount: partProblem(application_fee_amount, currency),
        };
        for (const [name, message] of Object.entries(problems)) {
          if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
        }
      }),
  async handle({ caller: { developer, app }, params, body, request, perform }) {
    const named = orderId().safeParse(params.orderId);
    if (!named.success) return { answer: { ...orderIdInvalid, code: "input_invalid" } };
    const result = await perform({
      name: "put-order",
      input: {
        developerId: developer.id,
        appId: app.id,
        orderId: named.data,
        accountId: body.account_id,
        amountMinor: body.amount,
        currency: body.currency,
        applicationFeeMinor: body.application_fee_amount,
      },
    });
    if (!result.ok) return result;
    const { order, created } = result.value;
    const status = created ? 201 : 200;
    const message = created ? "Order created successfully" : "Order updated successfully";
    return { status, body: printOrder(order, { message, status }, request) };
  },
});

const orderIdInvalid = {
  status: 422,
  text: "order_id must be 1 to 255 printable characters",
  field: "order_id",
} as const;
