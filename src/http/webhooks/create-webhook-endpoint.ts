import * as z from "zod";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { described } from "../described";
import type { Edge } from "../edge";
import { created, type Reply } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointWithSecret, toEndpoint } from "./endpoint-object";
import { endpointFields } from "./fields";
import { refuseTarget } from "./target";

export const createWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "create-webhook-endpoint",
  method: "post",
  path: "/webhook-endpoints",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Add a webhook endpoint",
    description:
      "Events of the caller are sent there, signed as Standard Webhooks has it. The secret is answered once, so the Idempotency-Key header is ignored.",
    bodyExample: { url: "https://hooks.example.com/accord", events: ["offer.accepted", "payout.paid"] },
    responses: { 201: { description: "The endpoint", schema: z.strictObject({ data: endpointWithSecret }) } },
    errors: {
      422: [
        "target_address_literal_forbidden",
        "target_credentials_forbidden",
        "target_name_forbidden",
        "target_not_a_url",
        "target_port_forbidden",
        "target_scheme_forbidden",
      ],
      503: ["webhooks_not_set_up"],
    },
  })),
  access: "owner",
  scope: "webhooks",
  keyed: false,
  bodyLimitBytes: 32 * 1024,
  body: () =>
    z.object({
      url: endpointFields().url,
      events: endpointFields().events,
      description: endpointFields()
        .description.optional()
        .transform((value) => value ?? null),
      enabled: endpointFields().enabled.default(true),
      metadata: endpointFields().metadata.default({}),
    }),
  async handle({ edge, caller, body, perform }) {
    const refused = refuseTarget(edge, body.url) ?? refuseUnsealed(edge);
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

/** Refuses an endpoint if the deployment has no key that seals its secret. */
function refuseUnsealed({ deps: { log }, settings }: Edge): Reply | undefined {
  if (settings.sealingKeys.length > 0) return undefined;
  log.warn("webhooks_not_set_up", { missing: "WEBHOOK_SEALING_KEYS" });
  return { answer: { status: 503, text: "Webhook endpoints are not set up here.", code: "webhooks_not_set_up" } };
}
