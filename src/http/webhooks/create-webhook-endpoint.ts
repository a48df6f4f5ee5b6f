import * as z from "zod";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { selectEndpointsOf } from "../../db/webhooks/endpoints";
import { described } from "../described";
import type { Edge } from "../edge";
import { created, type Reply } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointWithSecret, toEndpoint } from "./endpoint-object";
import { endpointFields, endpointsMax } from "./fields";
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
        "endpoints_full",
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
  body: z.object({
    url: endpointFields.url,
    events: endpointFields.events,
    description: endpointFields.description.optional().transform((value) => value ?? null),
    enabled: endpointFields.enabled.default(true),
    metadata: endpointFields.metadata.default({}),
  }),
  async handle({ edge, caller, body, perform }) {
    const refused = refuseTarget(edge, body.url) ?? (await refuseAnother(edge, caller.owner));
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

/**
 * Refuses another endpoint if the deployment has no sealing key or the owner has too many; undefined if one is allowed.
 */
async function refuseAnother({ deps: { db, log }, settings }: Edge, owner: string): Promise<Reply | undefined> {
  if (settings.sealingKeys.length === 0) {
    log.warn("webhooks_not_set_up", { missing: "WEBHOOK_SEALING_KEYS" });
    const text = "Webhook endpoints are not set up here.";
    return { answer: { status: 503, text, code: "webhooks_not_set_up" } };
  }
  const [existing] = await db.batch([selectEndpointsOf(db, owner, endpointsMax)]);
  if (existing.length < endpointsMax) return undefined;
  return { answer: { status: 422, text: `There are ${endpointsMax} endpoints already.`, code: "endpoints_full" } };
}
