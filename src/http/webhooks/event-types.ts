import * as z from "zod";
import { eventTypes } from "../../domain/webhooks/event";
import { catalogue, envelopeOf } from "./catalogue";

/** Lists the catalogue for the API, each schema as JSON Schema. */
export function tabulateEventTypes() {
  const data = eventTypes.map((type) => ({
    type,
    summary: catalogue[type].summary,
    schema: z.toJSONSchema(envelopeOf(type)),
  }));
  return { data };
}
