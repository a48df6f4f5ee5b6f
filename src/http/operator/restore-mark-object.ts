import * as z from "zod";
import type { RestoreMark } from "../../db/restore-mark";
import { forDescription } from "../described";

/** The mark of a restore, as the operator sees it. */
export const markObject = forDescription(() =>
  z
    .strictObject({
      restored_to: z.iso.datetime().meta({ description: "The moment at which the database stands." }),
      marked_at: z.iso.datetime().meta({ description: "Everything in between is known to Stripe alone." }),
      recovering: z.boolean().meta({ description: "Whether changes wait until what is lost was found." }),
    })
    .meta({ id: "RestoreMark" }),
);

/** Prints a mark. */
export function toMark({ restoredToMs, markedAtMs, isRecovering }: RestoreMark): z.output<typeof markObject> {
  return {
    restored_to: new Date(restoredToMs).toISOString(),
    marked_at: new Date(markedAtMs).toISOString(),
    recovering: isRecovering,
  };
}
