import * as z from "zod";
import { eventTypes } from "../../domain/event";

const metadataMax = 20;

/** How many endpoints one owner may have: they are listed on one page, and each makes every event dearer. */
export const endpointsMax = 100;

/** What an owner may say about an endpoint. The target is judged by the handler, which knows where it runs. */
export const endpointFields = {
  url: z.string().max(2_048),
  description: z.string().max(500).nullable(),
  events: z
    .array(z.enum(["*", ...eventTypes]))
    .min(1)
    .max(eventTypes.length + 1),
  enabled: z.boolean(),
  metadata: z
    .record(z.string().max(40), z.string().max(500))
    .refine((metadata) => Object.keys(metadata).length <= metadataMax, `at most ${metadataMax} entries`),
};

export const idParam = z.object({ id: z.string() });
