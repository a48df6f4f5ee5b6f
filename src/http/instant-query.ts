import * as z from "zod";
import { madeOnce } from "../domain/made-once";
import { forDescription } from "./described";

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** A time with its zone, or a day, which means its beginning (UTC); the handler gets milliseconds. */
export const instantQuery = madeOnce(() =>
  z
    .string()
    .transform((value, context) => {
      const atMs = readInstant(value);
      if (!Number.isNaN(atMs)) return atMs;
      context.addIssue({ code: "custom", message: "must be a date-time with a zone, or a date" });
      return z.NEVER;
    })
    .meta(forDescription(() => ({ override: { type: "string", format: "date-time" } }))),
);

/** Returns milliseconds; NaN for any other text, and for a day that the calendar does not have. */
function readInstant(value: string): number {
  if (!isCalendarDay(value.slice(0, 10))) return Number.NaN;
  if (value.length === 10) return Date.parse(value);
  return instantPattern.test(value) ? Date.parse(value) : Number.NaN;
}

/** Tells whether the calendar has this day. */
export function isCalendarDay(value: string): boolean {
  if (!dayPattern.test(value)) return false;
  const atMs = Date.parse(value);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(value);
}
