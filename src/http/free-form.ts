import * as z from "zod";
import { madeOnce } from "../domain/made-once";
import { forDescription } from "./described";
import { InexactNumber } from "./exact-json";

/** The most characters of JSON that members of a caller's own may have in all. */
export const freeFormMax = 4_096;

export const freeFormTooLarge = `must be at most ${freeFormMax} characters of JSON`;

/** Tells whether members of a caller's own are small enough. */
export function isSmall(value: object): boolean {
  return JSON.stringify(value).length <= freeFormMax;
}

/**
 * The schema of an object of the caller's own members, which is given back as it was sent, digit for digit: a number
 * that would be printed otherwise is refused.
 */
export const freeForm = madeOnce(() =>
  z
    .unknown()
    .transform((value, { issues }): Record<string, unknown> => {
      if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof InexactNumber) {
        issues.push({ code: "invalid_type", expected: "object", input: value });
        return z.NEVER;
      }
      if (!isSmall(value)) issues.push({ code: "custom", message: freeFormTooLarge, input: value });
      for (const path of inexactNumbers(value)) {
        issues.push({
          code: "custom",
          path,
          message: "must be a number as JavaScript prints it, or a text",
          input: value,
        });
      }
      return value as Record<string, unknown>;
    })
    .meta(
      forDescription(() => ({
        override: { type: "object", additionalProperties: true },
        description: `Given back as it was sent. At most ${freeFormMax} characters of JSON.`,
      })),
    ),
);

/** Refuses a member of this name in a record, which zod would leave out. */
export function withoutProto<T extends z.ZodRecord>(record: T) {
  return z.preprocess((value, { issues }) => {
    const holds = typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__");
    if (holds) issues.push({ code: "custom", path: ["__proto__"], message: "must not be sent", input: value });
    return value;
  }, record);
}

function inexactNumbers(value: unknown): string[][] {
  if (value instanceof InexactNumber) return [[]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => inexactNumbers(inner).map((path) => [name, ...path]));
}
