import * as z from "zod";
import type { Edge } from "../edge";
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
export function envelopeOf<T extends z.ZodType>(data: T) {
  return z.strictObject({ success: z.literal(true), message: z.string(), data, timestamp: instant });
}

/** A time in JSON: UTC, with "Z". */
export const instant = z.iso.datetime({ precision: 3 }).meta({ example: "2026-11-20T09:01:20.853Z" });

/** Prints a time; null is left out. */
export function toInstant<T extends number | null>(atMs: T): T extends null ? string | undefined : string {
  return (atMs === null ? undefined : new Date(atMs).toISOString()) as T extends null ? string | undefined : string;
}

/** Turns null into undefined, so that the member is left out. */
export function orLeftOut<T>(value: T | null): T | undefined {
  return value ?? undefined;
}
