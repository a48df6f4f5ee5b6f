import * as z from "zod";
import type { TestimonyPage } from "../../db/offers/testimony-lists";
import type { User } from "../../db/offers/users";
import { attribute } from "./issue-messages";
import { testimonyObject, toTestimony } from "./testimony-object";

export const perPage = 15;

/** The query of a page. */
export const pageQuery = z.object({
  page: z
    .string()
    .refine((value) => /^[1-9]\d{0,8}$/.test(value), { error: `The ${attribute} field must be an integer from 1.` })
    .transform(Number)
    .default(1)
    .meta({ override: { type: "integer", minimum: 1 }, description: "Fifteen a page, newest first." }),
});

const link = z.string().nullable();

export const testimonyPageObject = z
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
  .meta({ id: "TestimonyPage" });

/** Prints one page for one reader. A page past the end is empty. */
export function toTestimonyPage(found: TestimonyPage, page: number, url: string, reader: User) {
  const offersOf = (testimonyId: string) => found.offers.filter((offer) => offer.testimonyId === testimonyId);
  const data = found.testimonies.map((testimony) =>
    toTestimony({ testimony, people: found.people, offers: offersOf(testimony.id) }, reader),
  );
  const { origin, pathname } = new URL(url);
  const linkTo = (number: number) => `${origin}${pathname}?page=${number}`;
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
