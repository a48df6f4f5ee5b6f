import * as z from "zod";
import { eventTypes } from "../../domain/webhooks/event";
import { catalogue } from "./catalogue";
import { componentName, envelopeOf } from "./event-envelope";

/** Describes the catalogue for `webhooks` of OpenAPI. */
export function describeEvents() {
  return Object.fromEntries(
    eventTypes.map((type) => [
      type,
      {
        post: {
          operationId: `receive-${type.replaceAll(/[._]/g, "-")}`,
          summary: catalogue[type].summary,
          requestBody: {
            required: true,
            content: { "application/json": { schema: envelopeOf(type).meta({ id: componentName(type) }) } },
          },
          responses: { "2XX": { description: "Received" } },
        },
      },
    ]),
  );
}

/** Lists the catalogue for the API, each schema as JSON Schema. */
export function tabulateEventTypes() {
  const data = eventTypes.map((type) => ({
    type,
    summary: catalogue[type].summary,
    schema: z.toJSONSchema(envelopeOf(type)),
  }));
  return { data };
}
