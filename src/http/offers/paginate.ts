import * as z from "zod";
import type { TestimonyPage } from "../../db/offers/testimony-lists";
import type { User } from "../../db/offers/users";
import { testimonyObject, toTestimony } from "./testimony-object";

export const perPage = 15;

/** The query of a page. A text that is no page number means the first page, as in the framework of the reference. */
export const pageQuery = z.object({
  page: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .catch(1)
    .meta({ override: { type: "integer", minimum: 1 }, description: "Fifteen a page, newest first." }),
});

const link = z.string().nullable();

export const testimonyPageObject = z.strictObject({
  data: z.array(testimonyObject),
  links: z.strictObject({ first: z.string(), last: z.string(), prev: link, next: link }),
  meta: z.strictObject({
    current_page: z.int(),
    from: z.int().nullable(),
    last_page: z.int(),
    per_page: z.int(),
    to: z.int().nullable(),
    total: z.int(),
  }),
});

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
