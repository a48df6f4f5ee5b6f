import * as z from "zod";
import { forDescription } from "../described";

/** Money that one object moved at Stripe, in our ledger, or in both. */
export const comparedLineObject = forDescription(() =>
  z
    .strictObject({
      reference: z.string().meta({ description: "The object at Stripe, or our id of the payment." }),
      currency: z.string(),
      types: z.array(z.string()).meta({ description: "What Stripe calls its lines." }),
      stripeMinor: z.int(),
      ledgerMinor: z.int(),
    })
    .meta({ id: "ComparedLine" }),
);
