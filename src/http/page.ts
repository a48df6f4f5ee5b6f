import * as z from "zod";
import type { CursorPage, Part } from "../db/cursor-page";
import { canonicalId } from "../domain/id";
import type { Issue } from "./dialect";
import { instantQuery } from "./instant-query";
import { ok } from "./route";

/*
 * Every list can be read by cursor in the same way, whatever its contract: src/guides/decisions.md#lists. Most of it is
 * that of Stripe's lists (https://docs.stripe.com/api/pagination); `order` is ours.
 */

/** An id in a query, in whatever case. */
export const idQuery = z.string().max(64).transform(canonicalId);

const limitDefault = 20;

/** The members of a query by cursor, the same for every list. */
const cursorMembers = {
  limit: z
    .string()
    .refine((value) => /^[1-9]\d?$|^100$/.test(value), "must be an integer from 1 to 100")
    .transform(Number)
    .optional()
    .meta({ override: { type: "integer", minimum: 1, maximum: 100, default: limitDefault } }),
  starting_after: idQuery.optional().meta({
    description: "The id of a row: the page begins behind it. From page to page, that of the last one seen.",
  }),
  ending_before: idQuery.optional().meta({
    description: "The id of a row: the page ends before it. To go back, that of the first one seen.",
  }),
  order: z
    .enum(["desc", "asc"])
    .optional()
    .meta({ description: "`desc`, the newest first, unless said otherwise; `asc`, the oldest first." }),
};

type CursorMember = keyof typeof cursorMembers;

/** A query by cursor as it was sent. */
export type CursorQuery = Partial<z.output<z.ZodObject<typeof cursorMembers>>>;

/** The filter of a list by the time at which its rows were made; converted by `createdRangeOf`. */
export const createdQuery = {
  created_after: instantQuery.optional().meta({ description: "From this moment or day on, it included." }),
  created_before: instantQuery.optional().meta({ description: "Until before this moment or day." }),
};

/** Converts the filter for the database. */
export function createdRangeOf(sent: { created_after?: number | undefined; created_before?: number | undefined }) {
  return { createdAfterMs: sent.created_after, createdBeforeMs: sent.created_before };
}

/**
 * Makes the query of a list that is read by cursor, with its filters. `others` are the members of the contract's own
 * form of page, which go without those of a cursor.
 */
export function listQuery<T extends z.ZodRawShape>(filters: T, others: readonly (keyof T & string)[] = []) {
  return z.object({ ...filters, ...cursorMembers }).check((context) => {
    const sent = (name: string) => (context.value as Record<string, unknown>)[name] !== undefined;
    const refuse = (name: string, other: string) =>
      context.issues.push({
        code: "custom",
        path: [name],
        message: `must not be sent with ${other}`,
        input: context.value,
      });
    if (sent("starting_after") && sent("ending_before")) refuse("ending_before", "starting_after");
    const [ofCursor] = Object.keys(cursorMembers).filter(sent);
    const [ofPage] = others.filter(sent);
    if (ofCursor !== undefined && ofPage !== undefined) refuse(ofPage, ofCursor);
  });
}

/** Tells whether a query is one by cursor, if the list has another form, too. */
export function isByCursor(sent: CursorQuery): boolean {
  return (Object.keys(cursorMembers) as CursorMember[]).some((name) => sent[name] !== undefined);
}

/** Converts a query by cursor for the database. */
export function cursorPageOf({ limit, starting_after, ending_before, order }: CursorQuery): CursorPage {
  const [id, side] =
    starting_after === undefined ? [ending_before, "before" as const] : [starting_after, "after" as const];
  return { limit: limit ?? limitDefault, order: order ?? "desc", cursor: id === undefined ? undefined : { id, side } };
}

/**
 * Makes the refusal of a cursor that names no row of the list's owner, in the words of any dialect. `name` is that of
 * the parameter if the contract has one of its own.
 */
export function cursorUnknown(
  { starting_after, ending_before }: CursorQuery,
  name = starting_after === undefined ? "ending_before" : "starting_after",
): { issues: readonly Issue[] } {
  const input = starting_after ?? ending_before;
  return { issues: [{ code: "custom", path: [name], message: "names nothing that is listed here", input }] };
}

/** Makes the schema of one page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), has_more: z.boolean() });
}

/** Answers with a page, or refuses its cursor if there is none. */
export function answerPage<Row, Printed>(sent: CursorQuery, part: Part<Row> | undefined, print: (row: Row) => Printed) {
  return part ? ok({ data: part.rows.map(print), has_more: part.hasMore }) : cursorUnknown(sent);
}
