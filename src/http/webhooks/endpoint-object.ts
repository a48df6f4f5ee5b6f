import * as z from "zod";
import type { WebhookEndpoint } from "../../db/webhooks/endpoints";
import { dayMs } from "../../domain/time";
import { healthPolicy } from "../../domain/webhooks/delivery";
import { forDescription } from "../described";
import { toIso } from "./iso";

/** An endpoint as its owner sees it: with its health and the health policy, without its secret. */
export const endpointObject = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      url: z.string(),
      description: z.string().nullable(),
      events: z.array(z.string()),
      enabled: z.boolean(),
      metadata: z.record(z.string(), z.string()),
      health: z.strictObject({
        failingSince: z.string().nullable(),
        warnedAt: z.string().nullable(),
        disabledReason: z.enum(["owner", "gone", "failing"]).nullable(),
        policy: z.strictObject({ warnAfterDays: z.number(), disableAfterDays: z.number(), noticeDays: z.number() }),
      }),
      previousSecretUntil: z.string().nullable(),
      createdAt: z.string(),
    })
    .meta({ id: "WebhookEndpoint" }),
);

/** The same with the signing secret, which is returned once, when it is made. */
export const endpointWithSecret = forDescription(() =>
  z.strictObject({ ...endpointObject.shape, secret: z.string() }).meta({ id: "WebhookEndpointWithSecret" }),
);

export function toEndpoint(row: WebhookEndpoint): z.output<typeof endpointObject> {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    enabled: row.enabled,
    metadata: row.metadata,
    health: {
      failingSince: toIso(row.failingSince),
      warnedAt: toIso(row.warnedAt),
      disabledReason: row.disabledReason as "owner" | "gone" | "failing" | null,
      policy: {
        warnAfterDays: healthPolicy.warnAfterMs / dayMs,
        disableAfterDays: healthPolicy.disableAfterMs / dayMs,
        noticeDays: healthPolicy.noticeMs / dayMs,
      },
    },
    previousSecretUntil: toIso(row.previousSecretUntil),
    createdAt: toIso(row.createdAt),
  };
}
