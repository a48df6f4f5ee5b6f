import * as z from "zod";
import { forDescription } from "../described";

/** A time, to the second. */
export const timestamp = forDescription(() =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00$/)
    .meta({ example: "2025-01-15T10:30:00+00:00" }),
);

/** Prints a time as "2025-01-15T10:30:00+00:00": seconds, numeric offset. */
export function toTimestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d{3}Z$/, "+00:00");
}
