import * as z from "zod";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { hourMs } from "../../domain/time";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointWithSecret, toEndpoint } from "./endpoint-object";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";

export const rotateWebhookSecret = defineRoute(webhooksDialect, {
  operationId: "rotate-webhook-secret",
  method: "post",
  path: "/webhook-endpoints/:id/rotate-secret",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Give a webhook endpoint a new secret",
    description:
      "The secret before it signs too until the overlap is over, and each that has its own end already until then; with an overlap of 0 they all end at once. Five sign at most. The new one is answered once, so the Idempotency-Key header is ignored.",
    bodyExample: { overlapHours: 24 },
    responses: { 200: { description: "The endpoint", schema: z.strictObject({ data: endpointWithSecret }) } },
    errors: { 404: ["endpoint_unknown"], 409: ["secrets_full"] },
  })),
  access: "owner",
  scope: "webhooks",
  securityEvent: "secret_rotated",
  keyed: false,
  params: idParam,
  body: () => z.object({ overlapHours: z.int().min(0).max(168).default(24) }),
  ...ownEndpoint,
  async handle({ edge, caller, params: { id = "" }, body, perform }) {
    const secret = newSigningSecret();
    const sealed = await seal(edge.settings.sealingKeys, secret, id);
    const result = await perform({
      name: "rotate-webhook-secret",
      input: { ...caller, id, secret: sealed, overlapMs: body.overlapHours * hourMs },
    });
    return result.ok ? ok({ data: { ...toEndpoint(result.value), secret } }) : result;
  },
});
