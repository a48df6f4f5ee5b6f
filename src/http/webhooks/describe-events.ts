import * as z from "zod";
import { eventTypes } from "../../domain/webhooks/event";
import { forDescription } from "../described";
import { catalogue } from "./catalogue";
import { componentName, envelopeOf } from "./event-envelope";

/** The headers of Standard Webhooks (https://www.standardwebhooks.com). */
const signature = z.object({
  "Webhook-Id": z.string().meta(forDescription(() => ({ description: "The same in every attempt and replay." }))),
  "Webhook-Timestamp": z
    .string()
    .regex(/^\d+$/)
    .meta(forDescription(() => ({ description: "Seconds since 1970, when it was signed." }))),
  "Webhook-Signature": z.string().meta(
    forDescription(() => ({
      description:
        "`v1,` and the HMAC-SHA256 of `<Webhook-Id>.<Webhook-Timestamp>.<body>` in base64, one for each valid secret, with spaces between.",
    })),
  ),
});

/** Describes the catalogue for `webhooks` of OpenAPI. */
export function describeEvents() {
  return Object.fromEntries(
    eventTypes.map((type) => [
      type,
      {
        post: {
          operationId: `receive-${type.replaceAll(/[._]/g, "-")}`,
          summary: catalogue[type].summary,
          tags: ["Events"],
          security: [],
          requestParams: { header: signature },
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: envelopeOf(type).meta(forDescription(() => ({ id: componentName(type) }))),
              },
            },
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
