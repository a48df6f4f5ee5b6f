import * as z from "zod";
import { madeOnce } from "../../domain/made-once";
import type { MandateAcceptance } from "../../domain/payments/mandate";
import { forDescription } from "../described";
import { text } from "./fields";

/** The end of the year 9999 in seconds: the latest time that Stripe accepts. */
const secondsMax = 253_402_300_799;

const acceptedAt = madeOnce(() =>
  z
    .int()
    .min(1)
    .max(secondsMax)
    .optional()
    .meta(
      forDescription(() => ({
        description: "When the shopper accepted, in seconds since 1970. Without it, now.",
        example: 1_767_261_600,
      })),
    ),
);

const online = () =>
  z.strictObject({
    type: z.literal("online"),
    accepted_at: acceptedAt(),
    online: z.strictObject({
      ip_address: z.union([z.ipv4(), z.ipv6()], { error: "must be an IPv4 or IPv6 address" }).meta(
        forDescription(() => ({
          override: { type: "string" },
          description: "From where the shopper accepted.",
          example: "198.51.100.7",
        })),
      ),
      user_agent: text(1_000).meta(
        forDescription(() => ({
          description: "Of the browser in which the shopper accepted.",
          example: "Mozilla/5.0",
        })),
      ),
    }),
  });

const offline = () =>
  z.strictObject({
    type: z.literal("offline"),
    accepted_at: acceptedAt(),
    offline: z.strictObject({}).optional(),
  });

/**
 * The shopper's permission to debit a bank account, in Stripe's shape.
 * https://docs.stripe.com/api/payment_intents/confirm#confirm_payment_intent-mandate_data
 */
export const mandateData = madeOnce(() =>
  z.strictObject({ customer_acceptance: z.discriminatedUnion("type", [online(), offline()]) }),
);

/** Converts a request's mandate to the form that the operations take. */
export function mandateOf({ customer_acceptance: said }: z.output<ReturnType<typeof mandateData>>): MandateAcceptance {
  const acceptedAtMs = said.accepted_at === undefined ? null : said.accepted_at * 1000;
  if (said.type === "offline") return { type: "offline", acceptedAtMs };
  const { ip_address: ipAddress, user_agent: userAgent } = said.online;
  return { type: "online", acceptedAtMs, ipAddress, userAgent };
}
