import * as z from "zod";
import { countries } from "../../domain/country";
import { madeOnce } from "../../domain/made-once";
import { parseDecimal } from "../../domain/money";
import { isSlovakIban } from "../../domain/offers/iban";
import { regions } from "../../domain/offers/testimony";
import { forDescription } from "../described";
import { blank, InexactNumber } from "../exact-json";
import { compact, toEmail } from "../identifying-text";
import { attribute } from "./issue-messages";
import { parsePhone } from "./phone";

const textMax = 255;

/** Makes the schema of a required text of at most `max` characters, not bytes or code units. */
export function text(max = textMax) {
  return z
    .string()
    .refine((value) => [...value].length <= max, {
      error: `The ${attribute} field must not be greater than ${max} characters.`,
    })
    .meta(forDescription(() => ({ maxLength: max })));
}

/**
 * Makes the schema of an optional input that may also be sent as null or without a visible character, because the
 * contract says so: it counts as left out.
 */
export function orNull<T extends z.ZodType>(schema: T) {
  return z
    .preprocess((value) => (value === blank ? null : value), schema.nullable())
    .optional()
    .transform((value) => value ?? null);
}

/** Makes the schema of an optional input that may also be null. */
export function nullable<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? null);
}

/** Makes the schema of an optional input that has a value where it is sent; null for the handler where it is not. */
export function optional<T extends z.ZodType>(schema: T) {
  return z
    .preprocess((value, { issues }) => {
      if (value === null || value === blank)
        issues.push({ code: "custom", message: "must have a value", input: value });
      return value;
    }, schema)
    .optional()
    .transform((value) => value ?? null);
}

/** An input that the contract takes where it is of no use. */
export const unused = madeOnce(() =>
  z
    .unknown()
    .transform(() => undefined)
    .optional()
    .meta(forDescription(() => ({ description: "Taken, and not read." }))),
);

/** Makes the schema of a whole number between two bounds, both included. */
export function integer(min: number, max: number) {
  return z
    .number({
      error: ({ input }) => ((input ?? null) === null ? undefined : `The ${attribute} field must be an integer.`),
    })
    .refine((value) => Number.isInteger(value), { error: `The ${attribute} field must be an integer.`, abort: true })
    .refine((value) => value >= min && value <= max, {
      error: `The ${attribute} field must be between ${min} and ${max}.`,
    })
    .meta(forDescription(() => ({ override: { type: "integer", minimum: min, maximum: max } })));
}

export const email = madeOnce(() =>
  text()
    .transform(toEmail)
    .meta(
      forDescription(() => ({
        override: { type: "string", format: "email", maxLength: textMax },
        example: "jana.nova@example.com",
      })),
    ),
);

/** A phone number in any international spelling; E.164 for the handler. Its routes load the numbering plans. */
export const phone = madeOnce(() =>
  z
    .string()
    .transform((value, context) => {
      const number = parsePhone(compact(value));
      if (number !== undefined) return number;
      context.addIssue({ code: "custom", message: `The ${attribute} field must be a valid number.` });
      return z.NEVER;
    })
    .meta(
      forDescription(() => ({
        description: "International, with country code. Spaces and dashes are fine.",
        example: "+421901234567",
      })),
    ),
);

/** A password of at least 8 characters, with a letter and a number. Spaces count. */
export const password = madeOnce(() =>
  text()
    .refine((value) => [...value].length >= 8, { error: `The ${attribute} field must be at least 8 characters.` })
    .refine((value) => /\p{L}/u.test(value), { error: `The ${attribute} field must contain at least one letter.` })
    .refine((value) => /\p{N}/u.test(value), { error: `The ${attribute} field must contain at least one number.` })
    .meta(forDescription(() => ({ minLength: 8, format: "password", example: "correct horse 7" }))),
);

/** The repeated password. It must equal the password; a difference is reported there. */
export const passwordConfirmation = madeOnce(() =>
  text()
    .optional()
    .meta(forDescription(() => ({ format: "password" }))),
);

/**
 * A refinement for the object that holds both passwords. It runs even if other inputs are wrong, so that all messages
 * come at once.
 */
export const confirmed = [
  (value: { password?: unknown; passwordConfirmation?: unknown }) => value.password === value.passwordConfirmation,
  {
    path: ["password"] as string[],
    error: `The ${attribute} field confirmation does not match.`,
    when: ({ value }: { value: unknown }) =>
      isObject(value) && typeof (value.password ?? value.passwordConfirmation) === "string",
  },
] as const;

export const accepted = madeOnce(() =>
  z
    .unknown()
    .refine((value) => value === true, { error: `The ${attribute} field must be accepted.` })
    .meta(forDescription(() => ({ override: { type: "boolean", const: true } }))),
);

/** A country of ISO 3166-1 alpha-2, in upper case. */
export const country = () =>
  z
    .string()
    .refine((value) => [...value].length === 2, { error: `The ${attribute} field must be 2 characters.`, abort: true })
    .refine((value) => countries.has(value), { error: `The selected ${attribute} is invalid.` })
    .meta(forDescription(() => ({ description: "ISO 3166-1 alpha-2, upper case.", example: "SK" })));

/** A Slovak account number with right check digits; the handler gets it without spaces. */
export const iban = () =>
  z
    .string()
    .transform((value, context) => {
      const number = compact(value).replace(/[- ]/g, "").toUpperCase();
      if (isSlovakIban(number)) return number;
      context.addIssue({ code: "custom", message: `The ${attribute} field must be a valid Slovak IBAN.` });
      return z.NEVER;
    })
    .meta(forDescription(() => ({ example: "SK3112000000198742637541" })));

const priceMin = 1;
const priceMax = 1_000_000;

/**
 * Decimal euros as a JSON number with at most two decimals; the handler gets integer cents. The lower bound of 1.00 is
 * close to Stripe's own minimum.
 */
export const price = () =>
  z
    .number()
    .refine((value) => !/\.\d{3}|e-/.test(String(value)), {
      error: `The ${attribute} field must have 0-2 decimal places.`,
    })
    .refine((value) => value >= priceMin, { error: `The ${attribute} field must be at least ${priceMin}.` })
    .refine((value) => value <= priceMax, { error: `The ${attribute} field must not be greater than ${priceMax}.` })
    .transform((value) => parseDecimal(String(value), 2) ?? z.NEVER)
    .meta(
      forDescription(() => ({
        description: "Decimal euros, at most two decimals.",
        minimum: priceMin,
        maximum: priceMax,
        example: 149.5,
      })),
    );

/**
 * Degrees of latitude or longitude. This is the only number that may be rounded: the fourteenth decimal of a place does
 * not matter.
 */
function degrees(limit: number) {
  return z
    .preprocess((value) => (value instanceof InexactNumber ? Number(value.text) : value), z.number())
    .refine((value) => Math.abs(value) <= limit, {
      error: `The ${attribute} field must be between -${limit} and ${limit}.`,
    })
    .meta(forDescription(() => ({ override: { type: "number", minimum: -limit, maximum: limit } })));
}

export const coordinates = madeOnce(() => z.object({ lat: degrees(90), lng: degrees(180) }));

export const region = madeOnce(() => z.enum(regions));

/** One to eight different regions. */
export const regionList = madeOnce(() =>
  z
    .array(region())
    .min(1)
    .max(regions.length)
    .transform((list) => [...new Set(list)]),
);

/** A postal address. */
export const address = madeOnce(() =>
  z.object({
    line1: text(),
    line2: orNull(text()),
    city: text(),
    postalCode: text(),
    country: country(),
  }),
);

export const shippingAddress = madeOnce(() =>
  address().extend({ firstName: orNull(text()), lastName: orNull(text()) }),
);

/** The registration numbers of a company. */
export const company = madeOnce(() => z.object({ businessId: text(), taxId: text(), vatId: orNull(text()) }));

export const bankAccount = madeOnce(() => z.object({ iban: iban() }));

/** No token of Turnstile's is longer (https://developers.cloudflare.com/turnstile/get-started/server-side-validation). */
const turnstileMax = 2_048;

export const turnstileToken = madeOnce(() =>
  orNull(text(turnstileMax)).meta(
    forDescription(() => ({
      description: "Required where Turnstile is configured.",
    })),
  ),
);

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
