import * as z from "zod";
import { descriptionMax, metadataLimits, ownMetadataKeys, suffixProblem } from "../../domain/payments/payment-details";
import { forDescription } from "../described";
import { freeFormMax, freeFormTooLarge, isSmall, withoutProto } from "../free-form";
import { email, text } from "./fields";

const { keys, keyLength, valueLength } = metadataLimits;

/** Texts by key, within what Stripe takes; ours stand beside them. */
const metadata = () =>
  withoutProto(z.record(z.string(), text(valueLength).min(1)))
    .superRefine((sent, context) => {
      const say = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
      const names = Object.keys(sent);
      if (names.length > keys) say([], `must have at most ${keys} keys`);
      if (!isSmall(sent)) say([], freeFormTooLarge);
      for (const name of names) {
        if (name.length > keyLength) say([name], `must have a key of at most ${keyLength} characters`);
        if (/[[\]]/.test(name)) say([name], "must have a key without square brackets");
        if (ownMetadataKeys.some((own) => own === name)) say([name], "must not be set: the key is ours");
      }
    })
    .meta(
      forDescription(() => ({
        override: { type: "object", additionalProperties: { type: "string", minLength: 1, maxLength: valueLength } },
        description: `Your own texts by key: ${keys} at most, keys of ${keyLength} characters, texts of ${valueLength}. At most ${freeFormMax} characters of JSON. Given back, and kept at Stripe beside ours (${ownMetadataKeys.join(", ")}), which cannot be set.`,
        example: { cart: "c-77" },
      })),
    );

const suffix = () =>
  z
    .string()
    .superRefine((sent, context) => {
      const message = suffixProblem(sent);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .meta(
      forDescription(() => ({
        override: { type: "string", minLength: 1, maxLength: 22 },
        description:
          "Follows the account's own name on a card's statement, and is cut where both are longer than 22 characters. Latin characters, at least one letter, none of < > \\ ' \" *.",
        example: "ORDER 1001",
      })),
    );

/** The members that say something about a payment beside its terms. */
export const paymentDetails = () => ({
  description: text(descriptionMax)
    .meta(forDescription(() => ({ description: "For the seller, in Stripe's dashboard." })))
    .optional(),
  statement_descriptor_suffix: suffix().optional(),
  receipt_email: email()
    .meta(forDescription(() => ({ description: "Stripe sends the receipt there.", example: "jana@example.com" })))
    .optional(),
  metadata: metadata().optional(),
});

/** The same in an answer. */
export const printedDetails = forDescription(() => ({
  description: z.string().nullable(),
  statement_descriptor_suffix: z.string().nullable(),
  receipt_email: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
}));
