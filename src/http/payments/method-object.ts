import * as z from "zod";
import type { PaymentMethod } from "../../db/payments/payment-methods";
import { forDescription } from "../described";

/** A stored payment method. The members of the card that may be shown follow the documented ones. */
export const methodObject = forDescription(() =>
  z
    .strictObject({
      payment_method_id: z.string().meta({ description: "Stripe's id.", example: "pm_1OqR2x" }),
      type: z.enum(["card", "token"]).meta({ description: "How it was given." }),
      preferred: z.boolean(),
      id: z.string(),
      created_at: z.iso.datetime(),
      updated_at: z.iso.datetime(),
      is_active: z.boolean(),
      account_id: z
        .string()
        .nullable()
        .meta({ description: "The connected account that it is stored on; null: the platform, for every account." }),
      brand: z.string().nullable(),
      last4: z.string().nullable(),
      exp_month: z.int().nullable(),
      exp_year: z.int().nullable(),
    })
    .meta({ id: "PaymentMethod" }),
);

/** Prints a payment method. */
export function toMethod(method: PaymentMethod): z.output<typeof methodObject> {
  return {
    payment_method_id: method.stripeId ?? "",
    type: method.type,
    preferred: method.preferred,
    id: method.id,
    created_at: new Date(method.createdAt).toISOString(),
    updated_at: new Date(method.updatedAt).toISOString(),
    is_active: method.state === "active",
    account_id: method.stripeAccountId === "" ? null : method.stripeAccountId,
    brand: method.brand,
    last4: method.last4,
    exp_month: method.expMonth,
    exp_year: method.expYear,
  };
}
