import * as z from "zod";
import type { Part } from "../../db/cursor-page";
import { forDescription } from "../described";
import type { Edge } from "../edge";
import { pageMembers, toPageMembers } from "../page";
import { created, ok, type Reply } from "../route";

/** Makes a success in the contract's envelope. */
export function succeed(edge: Edge, message: string, data: unknown): Reply {
  return ok(envelope(edge, message, data));
}

/** Makes the same for something new. */
export function succeedWithNew(edge: Edge, message: string, data: unknown): Reply {
  return created(envelope(edge, message, data));
}

/** Makes the contract's envelope of a success. */
export function envelope({ deps }: Edge, message: string, data: unknown) {
  return { success: true, message, data, timestamp: toInstant(deps.nowMs()) };
}

/** Makes the schema of such a success. */
export const envelopeOf = forDescription(
  () =>
    <T extends z.ZodType>(data: T) =>
      z.strictObject({ success: z.literal(true), message: z.string(), data, timestamp: instant }),
);

/** Answers with rows in an array: all of them, or a page with its members beside it. */
export function succeedWithRows<Row>(
  edge: Edge,
  message: string,
  { rows, ...page }: Part<Row> | Pick<Part<Row>, "rows">,
  print: (row: Row) => unknown,
): Reply {
  const { timestamp, ...members } = envelope(edge, message, rows.map(print));
  return ok({ ...members, ...("hasMore" in page ? toPageMembers(page) : {}), timestamp });
}

/** Makes the schema of such a success. */
export const arrayOf = forDescription(() => <T extends z.ZodType>(item: T) => {
  const { timestamp, ...members } = envelopeOf(z.array(item)).shape;
  return z.strictObject({ ...members, ...z.object(pageMembers).partial().shape, timestamp });
});

/** A time in JSON: UTC, with "Z". */
export const instant = forDescription(() =>
  z.iso.datetime({ precision: 3 }).meta({ example: "2026-11-20T09:01:20.853Z" }),
);

/** Prints a time; null is left out. */
export function toInstant<T extends number | null>(atMs: T): T extends null ? string | undefined : string {
  return (atMs === null ? undefined : new Date(atMs).toISOString()) as T extends null ? string | undefined : string;
}

/** Turns null into undefined, so that the member is left out. */
export function orLeftOut<T>(value: T | null): T | undefined {
  return value ?? undefined;
}
