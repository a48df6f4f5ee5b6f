import * as z from "zod";
import type { CursorPage, Part } from "../db/cursor-page";
import { canonicalId } from "../domain/id";
import { madeOnce } from "../domain/made-once";
import { forDescription } from "./described";
import type { Issue } from "./dialect";
import { instantQuery } from "./instant-query";
import { ok } from "./route";

/*
 * Every list can be read by cursor in the same way, whatever its contract: src/guides/decisions.md#lists. Most of it is
 * that of Stripe's lists (https://docs.stripe.com/api/pagination); `order` is ours.
 */

/** An id in a query, in whatever case. */
export const idQuery = madeOnce(() => z.string().max(64).transform(canonicalId));

/** The same for the cursor of a list, which may consist of two ids. */
const cursorQuery = madeOnce(() => z.string().max(80).transform(canonicalId));

const limitDefault = 20;

/** The members of a query by cursor, the same for every list. */
const cursorMembers = madeOnce(() => ({
  limit: z
    .string()
    .refine((value) => /^[1-9]\d?$|^100$/.test(value), "must be an integer from 1 to 100")
    .transform(Number)
    .optional()
    .meta(forDescription(() => ({ override: { type: "integer", minimum: 1, maximum: 100, default: limitDefault } }))),
  starting_after: cursorQuery()
    .optional()
    .meta(
      forDescription(() => ({
        description: "The id of a row: the page begins behind it. From page to page, that of the last one seen.",
      })),
    ),
  ending_before: cursorQuery()
    .optional()
    .meta(
      forDescription(() => ({
        description: "The id of a row: the page ends before it. To go back, that of the first one seen.",
      })),
    ),
  order: z
    .enum(["desc", "asc"])
    .optional()
    .meta(
      forDescription(() => ({
        description: "`desc`, the newest first, unless said otherwise; `asc`, the oldest first.",
      })),
    ),
}));

type CursorMember = keyof ReturnType<typeof cursorMembers>;

/** A query by cursor as it was sent. */
export type CursorQuery = Partial<z.output<z.ZodObject<ReturnType<typeof cursorMembers>>>>;

/** The filter of a list by the time at which its rows were made; converted by `createdRangeOf`. */
export const createdQuery = madeOnce(() => ({
  created_after: instantQuery()
    .optional()
    .meta(forDescription(() => ({ description: "From this moment or day on, it included." }))),
  created_before: instantQuery()
    .optional()
    .meta(forDescription(() => ({ description: "Until before this moment or day." }))),
}));

/** Converts the filter for the database. */
export function createdRangeOf(sent: { created_after?: number | undefined; created_before?: number | undefined }) {
  return { createdAfterMs: sent.created_after, createdBeforeMs: sent.created_before };
}

/**
 * Makes the query of a list that is read by cursor, with its filters. `ofPage` are the members of the contract's own
 * form of page, which go without those of a cursor; `ofCursor` are filters that go with a cursor only.
 */
export function listQuery<T extends z.ZodRawShape>(
  members: T,
  ofPage: readonly (keyof T & string)[] = [],
  ofCursor: readonly (keyof T & string)[] = [],
) {
  return z.object({ ...members, ...cursorMembers() }).check(({ value, issues }) => {
    const sent = (name: string) => (value as Record<string, unknown>)[name] !== undefined;
    const refuse = (name: string | undefined, other: string | undefined) => {
      if (name === undefined || other === undefined) return;
      issues.push({ code: "custom", path: [name], message: `must not be sent with ${other}`, input: value });
    };
    if (sent("starting_after")) refuse(["ending_before"].find(sent), "starting_after");
    refuse(ofPage.find(sent), [...Object.keys(cursorMembers()), ...ofCursor].find(sent));
  });
}

/** Tells whether a query is one by cursor, if the list has another form, too. */
export function isByCursor<T extends CursorQuery>(sent: T, ofCursor: readonly (keyof T)[] = []): boolean {
  return [...(Object.keys(cursorMembers()) as CursorMember[]), ...ofCursor].some((name) => sent[name] !== undefined);
}

/** Converts a query by cursor for the database. */
export function cursorPageOf({ limit, starting_after, ending_before, order }: CursorQuery): CursorPage {
  const [id, side] =
    starting_after === undefined ? [ending_before, "before" as const] : [starting_after, "after" as const];
  return { limit: limit ?? limitDefault, order: order ?? "desc", cursor: id === undefined ? undefined : { id, side } };
}

/** The page of a list that its contract documents as an array of all rows. Quotas bound them. */
export const allOldestFirst: CursorPage = { limit: Number.MAX_SAFE_INTEGER - 1, order: "asc" };

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

/** The members of a page beside its rows. */
export const pageMembers = forDescription(() => ({
  has_more: z.boolean().meta({ description: "Whether there is more on the far side of the page from its cursor." }),
  scanned_to: z.string().optional().meta({
    description:
      "Only where no index serves a filter, and the page was not full after 2,000 rows at most: the last of them. The list goes on with it as the cursor.",
  }),
}));

/** Prints them. */
export function toPageMembers({ hasMore, scannedTo }: Omit<Part<unknown>, "rows">) {
  return { has_more: hasMore, ...(scannedTo === undefined ? {} : { scanned_to: scannedTo }) };
}

/** Makes the schema of one page. */
export const pageOf = forDescription(
  () =>
    <T extends z.ZodType>(item: T) =>
      z.strictObject({ data: z.array(item), ...pageMembers }),
);

/** Answers with a page, or refuses its cursor if there is none. */
export function answerPage<Row, Printed>(sent: CursorQuery, part: Part<Row> | undefined, print: (row: Row) => Printed) {
  return part ? ok({ data: part.rows.map(print), ...toPageMembers(part) }) : cursorUnknown(sent);
}
