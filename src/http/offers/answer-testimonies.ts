import type { Part } from "../../db/cursor-page";
import type { Database } from "../../db/database";
import type { Testimony } from "../../db/offers/testimonies";
import { withOffers } from "../../db/offers/testimonies-by-cursor";
import type { User } from "../../db/offers/users";
import type { CursorQuery } from "../page";
import type { Reply } from "../route";
import { answerByCursor } from "./page-by-cursor";
import { toTestimonies } from "./paginate";

/** Answers with a page of testimonies that was asked for by cursor, with their offers, or refuses its cursor. */
export async function answerTestimonies(
  db: Database,
  sent: CursorQuery,
  found: Part<Testimony> | undefined,
  reader: User,
  request: Request,
): Promise<Reply> {
  const printed = new Map(toTestimonies(await withOffers(db, found?.rows ?? []), reader).map((one) => [one.id, one]));
  return answerByCursor(sent, found, { print: ({ id }) => printed.get(id), idOf: ({ id }) => id }, request);
}
