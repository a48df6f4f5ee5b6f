import * as z from "zod";
import type { Order } from "../../db/payments/orders";
import { forDescription } from "../described";
import { envelope, envelopeObject, messageMeta } from "./print-success";

/** Amounts are texts of digits in every answer of the contract. */
export const amountText = forDescription(() =>
  z.string().regex(/^\d+$/).meta({ description: "Minor units.", example: "1000" }),
);

const orderObject = forDescription(() =>
  z
    .strictObject({
      order_id: z.string(),
      app_id: z.string(),
      amount: amountText,
      currency: z.string(),
      account_id: z.string(),
      application_fee_amount: amountText,
      status: z.enum(["open", "cancelled"]),
      created_at: z.iso.datetime(),
      updated_at: z.iso.datetime(),
    })
    .meta({ id: "Order" }),
);

/** Makes the schema of an order in an answer. */
export const orderAnswer = forDescription(
  () =>
    <S extends number>(status: S) =>
      envelopeObject({ data: orderObject, meta: messageMeta(status) }),
);

/** Prints an order. */
export function printOrder(order: Order, { message, status }: { message: string; status: number }, request: Request) {
  return envelope({ data: toOrder(order), meta: { message, status_code: status } }, request);
}

function toOrder(order: Order): z.infer<typeof orderObject> {
  return {
    order_id: order.orderId,
    app_id: order.appId,
    amount: String(order.amountMinor),
    currency: order.currency,
    account_id: order.stripeAccountId,
    application_fee_amount: String(order.applicationFeeMinor),
    status: order.state,
    created_at: new Date(order.createdAt).toISOString(),
    updated_at: new Date(order.updatedAt).toISOString(),
  };
}
