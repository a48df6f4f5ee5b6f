import * as z from "zod";

type Links = Record<string, string | null>;

/** Wraps a success in the contract's envelope, its members in the given order. */
export function envelope<P extends { data: unknown; meta: unknown; links?: Links }>(parts: P, { url }: Request) {
  return { ...parts, links: { self: url, ...parts.links } };
}

/** Makes the schema of such a success. `links` are those beside `self`. */
export function envelopeObject<
  D extends z.ZodType,
  M extends z.ZodType,
  L extends z.ZodRawShape = Record<never, never>,
>({ data, meta, links }: { data: D; meta: M; links?: L }) {
  return z.strictObject({ data, meta, links: z.strictObject({ self: z.string(), ...links }) });
}

/** Makes the schema of a `meta` that repeats the status. */
export function statusMeta<S extends number>(status: S) {
  return z.strictObject({ status_code: z.literal(status) });
}

/** Makes the same, with a sentence before it. */
export function messageMeta<S extends number>(status: S) {
  return z.strictObject({ message: z.string(), status_code: z.literal(status) });
}
