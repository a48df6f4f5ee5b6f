import * as z from "zod";
import { forDescription } from "../described";
import { attribute } from "./issue-messages";

/** A moment with its zone (ISO 8601); the handler gets milliseconds of a whole second. */
export const moment = () =>
  z
    .string()
    .transform((text, context) => {
      const isMoment = z.iso.datetime({ offset: true }).safeParse(text).success;
      const atMs = isMoment ? Date.parse(text) : Number.NaN;
      if (!Number.isNaN(atMs)) return Math.floor(atMs / 1_000) * 1_000;
      context.addIssue({ code: "custom", message: `The ${attribute} field must be a date and time with its zone.` });
      return z.NEVER;
    })
    .meta(
      forDescription(() => ({
        override: { type: "string", format: "date-time" },
        example: "2026-03-16T18:00:00+01:00",
      })),
    );
