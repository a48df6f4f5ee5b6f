import * as z from "zod";
import type { Part } from "../../db/cursor-page";
import type { PaymentView } from "../../db/payments/payment-views";
import { forDescription } from "../described";
import { nextLink } from "../next-link";
import { type CursorQuery, pageMembers, toPageMembers } from "../page";
import { listedPayment, toListed, transactionIdOf } from "./payment-object";

const message = "Transactions retrieved successfully";
const link = forDescription(() => z.string().nullable());

/** A page by its number, in the documented order. */
export const pageObject = forDescription(() =>
  z
    .strictObject({
      meta: z.strictObject({
        message: z.string(),
        status_code: z.literal(200),
        page: z.int(),
        per_page: z.int(),
        total_pages: z.int(),
        total_items: z.int(),
      }),
      data: z.array(listedPayment),
      links: z.strictObject({ prev: link, self: z.string(), next: link, first: z.string(), last: z.string() }),
    })
    .meta({ id: "PaymentPage" }),
);

export type PageAnswer = z.infer<typeof pageObject>;

/** Prints a page. A page past the end is empty; its previous page is the one before it all the same. */
export function printPage(
  { rows, total }: { rows: readonly PaymentView[]; total: number },
  { page, perPage }: { page: number; perPage: number },
  { url }: Request,
): PageAnswer {
  const pages = Math.ceil(total / perPage);
  const linkTo = (number: number) => withQuery(url, { page: number, per_page: perPage });
  return {
    meta: { message, status_code: 200, page, per_page: perPage, total_pages: pages, total_items: total },
    data: rows.map(toListed),
    links: {
      prev: page > 1 ? linkTo(page - 1) : null,
      self: linkTo(page),
      next: page < pages ? linkTo(page + 1) : null,
      first: linkTo(1),
      last: linkTo(Math.max(1, pages)),
    },
  };
}

/** The page on one side of a transaction. */
export const afterObject = forDescription(() =>
  z
    .strictObject({
      meta: z.strictObject({ message: z.string(), status_code: z.literal(200), limit: z.int(), ...pageMembers }),
      data: z.array(listedPayment),
      links: z.strictObject({ self: z.string(), next: link }),
    })
    .meta({ id: "PaymentCursorPage" }),
);

export type AfterAnswer = z.infer<typeof afterObject>;

/** Prints the page on one side of a transaction. */
export function printAfter(found: Part<PaymentView>, limit: number, sent: CursorQuery, { url }: Request): AfterAnswer {
  return {
    meta: { message, status_code: 200, limit, ...toPageMembers(found) },
    data: found.rows.map(toListed),
    links: { self: url, next: nextLink(url, sent, found, transactionIdOf) },
  };
}

/** Returns the same address with these parameters first and the filters after them. */
function withQuery(url: string, parameters: Record<string, string | number>): string {
  const { origin, pathname, searchParams } = new URL(url);
  const named = Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]);
  const others = [...searchParams].filter(([name]) => !(name in parameters));
  return `${origin}${pathname}?${new URLSearchParams([...named, ...others])}`;
}
