import * as z from "zod";
import { loadDelivery, selectAttempts } from "../../db/webhook-deliveries";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { attemptObject, deliveryObject, keyOfDelivery, toAttempt, toDelivery } from "./delivery-object";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";

export const viewWebhookDelivery = defineRoute(webhooksDialect, {
  operationId: "view-webhook-delivery",
  method: "get",
  path: "/webhook-deliveries/:id",
  tag: "Webhooks",
  summary: "One delivery with every attempt",
  access: "owner",
  params: idParam,
  responses: {
    200: {
      description: "The delivery",
      schema: z.strictObject({
        data: z
          .strictObject({
            ...deliveryObject.shape,
            payload: z.record(z.string(), z.unknown()).nullable(),
            log: z.array(attemptObject),
          })
          .meta({ id: "WebhookDeliveryWithLog" }),
      }),
    },
  },
  errors: [404],
  async handle({ edge, caller, params: { id = "" } }) {
    const { db } = edge.deps;
    const key = keyOfDelivery(id);
    if (!key) return { refusal: "delivery_unknown" };
    const { delivery, endpoint, event } = await loadDelivery(db, key);
    if (!delivery || endpoint?.owner !== caller.owner) return { refusal: "delivery_unknown" };
    const [attempts] = await db.batch([selectAttempts(db, key)]);
    const payload = !event || event.erasedAt !== null ? null : event.data;
    return ok({ data: { ...toDelivery(delivery), payload, log: attempts.map(toAttempt) } });
  },
});
