import * as z from "zod";
import type { Edge } from "../edge";
import { created, ok, type Reply } from "../route";

/** A success in the contract's envelope. */
export function succeed(edge: Edge, message: string, data: unknown): Reply {
  return ok(envelope(edge, message, data));
}

/** The same for something new. */
export function succeedWithNew(edge: Edge, message: string, data: unknown): Reply {
  return created(envelope(edge, message, data));
}

function envelope({ deps }: Edge, message: string, data: unknown) {
  return { success: true, message, data, timestamp: toInstant(deps.nowMs()) };
}

/** What such a body looks like. */
export function envelopeOf<T extends z.ZodType>(data: T) {
  return z.strictObject({ success: z.literal(true), message: z.string(), data, timestamp: instant });
}

/** A moment on the wire: UTC, with "Z". */
export const instant = z.iso.datetime({ precision: 3 }).meta({ example: "2026-11-20T09:01:20.853Z" });

/** Prints a moment; one that has not come is left out. */
export function toInstant<T extends number | null>(atMs: T): T extends null ? string | undefined : string {
  return (atMs === null ? undefined : new Date(atMs).toISOString()) as T extends null ? string | undefined : string;
}

/** What there is none of is left out. */
export function orLeftOut<T>(value: T | null): T | undefined {
  return value ?? undefined;
}
