import * as z from "zod";
import { defaultCurrency } from "../../domain/currency";
import { madeOnce } from "../../domain/made-once";
import { firstDay } from "../../domain/transfers/day";
import { readTagAddress, readTagName } from "../../domain/transfers/tag";
import { type AmountProblem, readTransferAmount } from "../../domain/transfers/transfer-amount";
import { forDescription } from "../described";
import { blank, InexactNumber, numberText } from "../exact-json";
import { isCalendarDay } from "../instant-query";
import { malformed } from "./issue-messages";

/** Makes the schema of a text of at most `max` characters, not bytes or code units. */
export function text(max: number) {
  return z
    .string()
    .refine((value) => [...value].length <= max, `must be at most ${max} characters`)
    .meta(forDescription(() => ({ maxLength: max })));
}

/** The address of an image that may be shown in a page: no `javascript:`, and no relative address. */
export const imageAddress = madeOnce(() =>
  text(1_000)
    .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ""), "must be an http or https address")
    .meta(forDescription(() => ({ format: "uri" }))),
);

/** Makes the schema of an optional input; null for the handler where it is left out. */
export function orNull<T extends z.ZodType>(schema: T) {
  return schema.optional().transform((value) => value ?? null);
}

/** An application's own name for something, unique within the application. */
export const externalId = madeOnce(() => text(255));

const amountProblems: Record<AmountProblem | "with_exponent", string> = {
  with_exponent: "must be written without an exponent",
  not_a_number: "must be a number",
  too_precise: "must have at most 4 decimals",
  too_small: "must be greater than 0.0001",
  too_large: "must be at most 900719925474.0991",
};

/** A JSON number, read by its text; the handler gets an integer of scale 4. */
export const amount = () =>
  z
    .unknown()
    .transform((value, context) => {
      const read = readAmount(value);
      if (typeof read === "number") return read;
      if ((value ?? null) === null || value === blank)
        context.issues.push({ code: "invalid_type", expected: "number", input: value });
      else if (read === undefined) context.addIssue({ code: "custom", message: "must be a number", params: malformed });
      else context.addIssue({ code: "custom", message: amountProblems[read] });
      return z.NEVER;
    })
    .meta(
      forDescription(() => ({
        override: { type: "number", exclusiveMinimum: 0.0001, maximum: 900_719_925_474.0991 },
        description: "At most four decimals.",
        example: 1500,
      })),
    );

/**
 * Reads an amount; undefined if the value is no number. Only a number that was kept as its text shows whether it was
 * sent with an exponent, because a double may be printed with one that nobody sent.
 */
function readAmount(value: unknown): number | AmountProblem | "with_exponent" | undefined {
  const text = numberText(value);
  if (text === undefined) return undefined;
  return value instanceof InexactNumber && /e/i.test(text) ? "with_exponent" : readTransferAmount(text);
}

/** A code in the form of ISO 4217; the operation checks whether the currency exists. */
export const currency = madeOnce(() => z.string().regex(/^[A-Z]{3}$/, "must be three capital letters"));

/** The same, optional. */
export const optionalCurrency = madeOnce(() => currency().default(defaultCurrency));

/** A tag as it is written, which answers repeat. */
export const tagAddress = madeOnce(() =>
  z
    .string()
    .refine(
      (value) => readTagAddress(value) !== undefined,
      "must be a tag: alice, @alice, alice@walletapp or @alice@walletapp",
    )
    .meta(forDescription(() => ({ example: "alice@walletapp" }))),
);

const tagLength = { min: 3, max: 64 };

/** A new tag's name, without its "@" and in lower case. */
export const tagString = () =>
  z
    .string()
    .refine((value) => hasTagLength(value.replace(/^@/, "")), {
      error: `must be between ${tagLength.min} and ${tagLength.max} characters`,
      abort: true,
    })
    .refine((value) => readTagName(value) !== undefined, {
      error: "must be of letters, digits, dots, dashes and underscores, with a letter or digit at either end",
    })
    .meta(forDescription(() => ({ minLength: tagLength.min, maxLength: tagLength.max, example: "alice" })));

function hasTagLength(name: string): boolean {
  return name.length >= tagLength.min && name.length <= tagLength.max;
}

const dayMessage = "must be a date, YYYY-MM-DD";
const dayMeta = { override: { type: "string", format: "date" }, example: "2026-11-19" } as const;

/** A day in a query. */
export const dayQuery = madeOnce(() =>
  z
    .string()
    .refine(isCalendarDay, dayMessage)
    .meta(forDescription(() => dayMeta)),
);

/** A day on which there was a system that could have moved something. */
export const day = () =>
  z
    .string()
    .refine(isCalendarDay, { error: dayMessage, abort: true })
    .refine((value) => value >= firstDay, `must be ${firstDay} or later`)
    .meta(forDescription(() => dayMeta));

/** Names in the path. A text that cannot be a name is refused as malformed, and not looked up. */
export const dayParams = () =>
  z.object({
    date: z
      .string()
      .refine(isCalendarDay, { error: dayMessage, params: malformed })
      .meta(forDescription(() => dayMeta)),
  });

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID, in whatever case. */
export const uuid = madeOnce(() =>
  z
    .string()
    .refine((value) => uuidPattern.test(value), { error: "must be a UUID", params: malformed })
    .transform((value) => value.toLowerCase())
    .meta(forDescription(() => ({ override: { type: "string", format: "uuid" } }))),
);

export const idParams = madeOnce(() => z.object({ id: uuid() }));

export const referenceParams = madeOnce(() =>
  z.object({
    reference: z.string().meta(forDescription(() => ({ example: "TXN-16820000-AB1C2D3E" }))),
  }),
);

/** The same on paths that the payments contract shares, which therefore have its name for it. */
export const sharedParams = madeOnce(() =>
  z.object({
    id: z.string().meta(forDescription(() => ({ description: "The reference.", example: "TXN-16820000-AB1C2D3E" }))),
  }),
);

/** The time for which the secret before a new one stays valid, a week at most. */
export const overlapHours = madeOnce(() => z.int().min(0).max(168));
