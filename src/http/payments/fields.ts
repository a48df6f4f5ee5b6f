import * as z from "zod";
import { chargeRange, currencies } from "../../domain/currency";
import { canonicalId } from "../../domain/id";
import { madeOnce } from "../../domain/made-once";
import { forDescription } from "../described";
import { toEmail } from "../identifying-text";

/** The greatest length of Stripe's ids and of our names. */
const textMax = 255;

/** Makes the schema of a required text of at most `max` characters. */
export function text(max = textMax) {
  return z.string().max(max);
}

/** An e-mail address. */
export const email = madeOnce(() =>
  text()
    .transform(toEmail)
    .meta(
      forDescription(() => ({
        override: { type: "string", format: "email", maxLength: textMax },
        example: "seller@example.com",
      })),
    ),
);

/** The caller's own name of an order: printable, without spaces at its ends, and without meaning to us. */
export const orderId = madeOnce(() =>
  z
    .string()
    .refine((value) => /^(?!\s)[^\p{C}]{1,255}(?<!\s)$/u.test(value), {
      error: "must be 1 to 255 printable characters",
    })
    .meta(forDescription(() => ({ example: "order-1001" }))),
);

/** Stripe's id of a connected account. */
export const accountId = madeOnce(() => text().meta(forDescription(() => ({ example: "acct_1Nv0FGQ9RKHgCVdK" }))));

/** Stripe's id of a payment. */
export const transactionId = () =>
  text()
    .transform(canonicalId)
    .meta(forDescription(() => ({ example: "pi_3MtwBwLkdIwHu7ix28a3tqPa" })));

/** Twelve digits are the most that Stripe charges at once in any currency. */
const amountMax = 999_999_999_999;

/**
 * Makes the schema of an amount in minor units: a JSON integer, or the same as a text of digits, parsed without a
 * float. The limits of a charge depend on the currency.
 */
export function amount({ min = 1, max = amountMax } = {}) {
  const range = `must be an integer from ${min} to ${max}, or the same as a string of digits`;
  return z
    .unknown()
    .transform((value, context) => {
      const minor = digitsOf(value);
      if (minor !== undefined && minor >= min && minor <= max) return minor;
      context.addIssue({ code: "custom", message: value === undefined ? "is required" : range });
      return z.NEVER;
    })
    .meta(
      forDescription(() => ({
        override: {
          oneOf: [
            { type: "integer", minimum: min, maximum: max },
            { type: "string", pattern: "^\\d+$" },
          ],
        },
        description: "Minor units, within what Stripe charges in the currency.",
        example: 1000,
      })),
    );
}

/**
 * Returns the integer of a text of digits. Fractions, exponents and numbers too large for a double have other
 * characters.
 */
function digitsOf(value: unknown): number | undefined {
  const digits = typeof value === "number" || typeof value === "string" ? String(value) : "";
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** A currency of ISO 4217, in any case; lower case for Stripe. */
export const currency = madeOnce(() =>
  z
    .string()
    .transform((value) => value.toLowerCase())
    .refine((value) => currencies.has(value.toUpperCase()), { error: "must be a currency of ISO 4217", abort: true })
    .refine((value) => chargeRange(value) !== undefined, {
      error: "must be a currency that Stripe charges",
      abort: true,
    })
    .meta(forDescription(() => ({ override: { type: "string", pattern: "^[A-Za-z]{3}$" }, example: "usd" }))),
);

/** Makes the schema of a whole number in a query, from 1 to `max`. */
export function queryInteger(max: number) {
  return z
    .string()
    .refine((value) => /^[1-9]\d{0,8}$/.test(value) && Number(value) <= max, {
      error: `must be an integer from 1 to ${max}`,
    })
    .transform(Number)
    .meta(forDescription(() => ({ override: { type: "integer", minimum: 1, maximum: max } })));
}

/** Names in the path. A text that cannot be a name counts as unknown. */
export const orderParams = madeOnce(() =>
  z.object({
    orderId: z.string().meta(forDescription(() => ({ description: "The caller's own id of the order." }))),
  }),
);
export const transactionParams = madeOnce(() =>
  z.object({
    id: z.string().meta(forDescription(() => ({ description: "Id of the transaction." }))),
  }),
);
export const refundParams = madeOnce(() =>
  z.object({
    id: z.string().meta(forDescription(() => ({ description: "Id of the refund." }))),
  }),
);
export const disputeParams = () =>
  z.object({
    id: z.string().meta(forDescription(() => ({ description: "Stripe's id of the dispute." }))),
  });
