import type { TestimonyPart } from "../../db/offers/testimonies-by-cursor";
import type { User } from "../../db/offers/users";
import type { CursorQuery } from "../page";
import type { Reply } from "../route";
import { answerByCursor } from "./page-by-cursor";
import { testimonyPrinter } from "./paginate";

/** Answers with a page of testimonies that was asked for by cursor, or refuses its cursor if there is none. */
export function answerTestimonies(
  sent: CursorQuery,
  found: TestimonyPart | undefined,
  reader: User,
  request: Request,
): Reply {
  const print = testimonyPrinter(found ?? { offers: [], people: new Map() }, reader);
  return answerByCursor(sent, found, { print, idOf: ({ id }) => id }, request);
}
