import * as z from "zod";
import { selectAttempts } from "../../db/webhooks/attempts";
import { selectEventOf } from "../../db/webhooks/deliveries";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { attemptObject, deliveryObject, toAttempt, toDelivery } from "./delivery-object";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownDelivery } from "./own";

export const viewWebhookDelivery = defineRoute(webhooksDialect, {
  operationId: "view-webhook-delivery",
  method: "get",
  path: "/webhook-deliveries/:id",
  ...described(() => ({
    tag: "Webhooks",
    summary: "One delivery with every attempt",
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
    errors: { 404: ["delivery_unknown"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  ...ownDelivery,
  async handle({ edge, found: { delivery } }) {
    const { db } = edge.deps;
    const [attempts, [event]] = await db.batch([selectAttempts(db, delivery), selectEventOf(db, delivery)]);
    const payload = !event || event.erasedAt !== null ? null : event.data;
    return ok({ data: { ...toDelivery(delivery), payload, log: attempts.map(toAttempt) } });
  },
});
