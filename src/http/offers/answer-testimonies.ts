import type { TestimonyPart } from "../../db/offers/testimonies-by-cursor";
import type { CursorQuery } from "../page";
import type { Reply } from "../route";
import { answerByCursor } from "./page-by-cursor";
import { type Seen, testimonyPrinter } from "./paginate";

/** Answers with a page of testimonies that was asked for by cursor, or refuses its cursor if there is none. */
export function answerTestimonies(
  sent: CursorQuery,
  found: TestimonyPart | undefined,
  seen: Seen,
  request: Request,
): Reply {
  const print = testimonyPrinter(found ?? { offers: [], people: new Map() }, seen);
  return answerByCursor(sent, found, { print, idOf: ({ id }) => id }, request);
}
