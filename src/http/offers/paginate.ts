import * as z from "zod";
import type { Testimony } from "../../db/offers/testimonies";
import type { TestimonyPage } from "../../db/offers/testimony-lists";
import type { User } from "../../db/offers/users";
import { forDescription } from "../described";
import { attribute } from "./issue-messages";
import { pageByCursorOf } from "./page-by-cursor";
import { testimonyObject, toTestimony } from "./testimony-object";

export const perPage = 15;

/** The member of a query that names a page by its number. */
export const pageNumber = () => ({
  page: z
    .string()
    .refine((value) => /^[1-9]\d{0,8}$/.test(value), { error: `The ${attribute} field must be an integer from 1.` })
    .transform(Number)
    .optional()
    .meta(
      forDescription(() => ({
        override: { type: "integer", minimum: 1, default: 1 },
        description: "Fifteen a page, newest first, with the number of all. It goes without the members of a cursor.",
      })),
    ),
});

const link = forDescription(() => z.string().nullable());

const testimonyPageObject = forDescription(() =>
  z
    .strictObject({
      data: z.array(testimonyObject),
      links: z.strictObject({ first: z.string(), last: z.string(), prev: link, next: link }).meta({ id: "PageLinks" }),
      meta: z
        .strictObject({
          current_page: z.int(),
          from: z.int().nullable(),
          last_page: z.int(),
          per_page: z.int(),
          to: z.int().nullable(),
          total: z.int(),
        })
        .meta({ id: "PageMeta" }),
    })
    .meta({ id: "TestimonyPage" }),
);

/** A page of testimonies, by its number or by cursor. */
export const testimonyListObject = forDescription(() =>
  z.union([testimonyPageObject, pageByCursorOf(testimonyObject)]),
);

/** The reader, and the moment. */
export interface Seen {
  reader: User;
  nowMs: number;
}

/** Makes the function that prints testimonies, with their offers, for one reader. */
export function testimonyPrinter(
  { offers, people }: Pick<TestimonyPage, "offers" | "people">,
  { reader, nowMs }: Seen,
) {
  return (testimony: Testimony) => {
    const its = offers.filter(({ testimonyId }) => testimonyId === testimony.id);
    return toTestimony({ testimony, people, offers: its }, reader, nowMs);
  };
}

/** Prints one page as it is at a moment, for one reader. A page past the end is empty. */
export function toTestimonyPage(found: TestimonyPage, page: number, url: string, seen: Seen) {
  const data = found.testimonies.map(testimonyPrinter(found, seen));
  const linkTo = (number: number) => {
    const address = new URL(url);
    address.searchParams.set("page", String(number));
    return address.href;
  };
  const lastPage = Math.max(1, Math.ceil(found.total / perPage));
  const from = data.length === 0 ? null : (page - 1) * perPage + 1;
  return {
    data,
    links: {
      first: linkTo(1),
      last: linkTo(lastPage),
      prev: page > 1 ? linkTo(page - 1) : null,
      next: page < lastPage ? linkTo(page + 1) : null,
    },
    meta: {
      current_page: page,
      from,
      last_page: lastPage,
      per_page: perPage,
      to: from === null ? null : from + data.length - 1,
      total: found.total,
    },
  };
}
