import * as z from "zod";
import { awaitedReasons } from "../db/offers/delete-user";
import { forDescription } from "./described";

/** Makes the schema of what a refused deletion of a user waits for, a member of the error `money_underway`. */
export function awaited() {
  return z
    .array(z.strictObject({ reason: z.enum(awaitedReasons), testimonyId: z.string().nullable() }))
    .optional()
    .meta(
      forDescription(() => ({
        description: "Only with `money_underway`: what waits, by testimony; null where it is the account itself.",
      })),
    );
}
