import * as z from "zod";
import { eventTypes } from "../../domain/webhooks/event";
import type { Output } from "../../operations/operations";
import { forDescription } from "../described";
import type { Reply } from "../route";

type Recovered = Output<"recover-webhook-deliveries">;

/** Which failed deliveries are sent again. */
export function recoveryBody() {
  const instant = z.iso.datetime({ offset: true });
  return z.object({
    since: instant,
    until: instant.optional().meta(forDescription(() => ({ description: "Until before this moment." }))),
    type: z
      .enum(eventTypes)
      .optional()
      .meta(forDescription(() => ({ description: "Only events of this type." }))),
  });
}

/** Converts them for the operation. */
export function recoveryOf({ since, until, type }: z.output<ReturnType<typeof recoveryBody>>) {
  const [sinceMs = 0, untilMs] = [since, until].map((text) => text && Math.max(Date.parse(text), 0)) as number[];
  return { sinceMs, untilMs, type };
}

/** Answers what was sent again. */
export const recovered = (data: Recovered): Reply => ({ status: 202, body: { data } });

/** Prints what would be. */
export const countOf = ({ value }: { value?: Recovered }) => ({ count: value?.recovered });

export const recoveryResponses = forDescription(() => ({
  200: {
    description: "With `dry_run`: how many this request would send again",
    schema: z.strictObject({ data: z.strictObject({ count: z.int() }) }),
  },
  202: {
    description: "On their way",
    schema: z.strictObject({
      data: z.strictObject({
        recovered: z.int(),
        hasMore: z.boolean(),
        since: z.iso.datetime().nullable().meta({ description: "The `since` of the next request, if there is more." }),
      }),
    }),
  },
}));
