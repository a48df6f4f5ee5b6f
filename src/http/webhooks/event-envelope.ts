import * as z from "zod";
import type { EventType } from "../../domain/webhooks/event";
import { catalogue } from "./catalogue";

/** Makes the schema of a delivery's body. `sequence` counts the events of one resource from 1, without gaps. */
export function envelopeOf(type: EventType) {
  return z.strictObject({
    id: z.string(),
    type: z.literal(type),
    timestamp: z.string(),
    resource: z.string(),
    sequence: z.int().min(1),
    data: catalogue[type].data,
  });
}

/** Names the schema among the components: "payout.paid" is PayoutPaid. */
export function componentName(type: EventType): string {
  return type.replace(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase());
}
