import * as z from "zod";
import { eventTypes } from "../../domain/event";
import { catalogue, envelopeOf } from "./catalogue";

/** The catalogue as the API lists it, each schema as JSON Schema. */
export function tabulateEventTypes() {
  const data = eventTypes.map((type) => ({
    type,
    summary: catalogue[type].summary,
    schema: z.toJSONSchema(envelopeOf(type)),
  }));
  return { data };
}
