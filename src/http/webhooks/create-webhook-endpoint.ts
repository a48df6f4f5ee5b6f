import * as z from "zod";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { created } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointWithSecret, toEndpoint } from "./endpoint-object";
import { endpointFields } from "./fields";
import { refuseTarget } from "./target";

export const createWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "create-webhook-endpoint",
  method: "post",
  path: "/webhook-endpoints",
  tag: "Webhooks",
  summary: "Add a webhook endpoint",
  description:
    "Events of the caller are sent there, signed as Standard Webhooks has it. The secret is answered once, so the Idempotency-Key header is ignored.",
  access: "owner",
  keyed: false,
  body: z.object({
    url: endpointFields.url,
    events: endpointFields.events,
    description: endpointFields.description.default(null),
    enabled: endpointFields.enabled.default(true),
    metadata: endpointFields.metadata.default({}),
  }),
  bodyExample: { url: "https://hooks.example.com/accord", events: ["offer.accepted", "payout.paid"] },
  responses: { 201: { description: "The endpoint", schema: z.strictObject({ data: endpointWithSecret }) } },
  async handle({ edge, caller, body, perform }) {
    const refused = refuseTarget(edge, body.url);
    if (refused) return refused;
    const id = edge.deps.newId();
    const secret = newSigningSecret();
    const sealed = await seal(edge.settings.sealingKeys, secret, id);
    const result = await perform({
      name: "create-webhook-endpoint",
      input: { ...caller, ...body, id, wire: "standard", secret: sealed },
    });
    return result.ok ? created({ data: { ...toEndpoint(result.value), secret } }) : result;
  },
});
