import * as z from "zod";
import { madeOnce } from "../../domain/made-once";
import { eventTypes } from "../../domain/webhooks/event";
import { forDescription } from "../described";
import { freeFormMax, freeFormTooLarge, isSmall, withoutProto } from "../free-form";

const metadataMax = 20;

/** The fields that an owner may set. The handler checks the target, because that depends on the environment. */
export const endpointFields = madeOnce(() => ({
  url: z.string().max(2_048),
  description: z.string().max(500),
  events: z
    .array(z.enum(["*", ...eventTypes]))
    .min(1)
    .max(eventTypes.length + 1),
  enabled: z.boolean(),
  metadata: withoutProto(z.record(z.string().max(40), z.string().max(500)))
    .refine((metadata) => Object.keys(metadata).length <= metadataMax, `at most ${metadataMax} entries`)
    .refine(isSmall, freeFormTooLarge)
    .meta(forDescription(() => ({ description: `At most ${freeFormMax} characters of JSON.` }))),
}));

export const idParam = madeOnce(() => z.object({ id: z.string() }));
