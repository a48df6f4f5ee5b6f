import * as z from "zod";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { hourMs } from "../../domain/time";
import { described } from "../described";
import { defineRoute } from "../serve";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
import { overlapHours } from "./fields";
import { notSetUp } from "./not-set-up";
import { envelopeOf, succeed } from "./print-success";

export const rotateApplicationWebhookSecret = defineRoute(transfersDialect, {
  operationId: "rotate-application-webhook-secret",
  method: "post",
  path: "/applications/webhook-secret/rotate",
  ...described(() => ({
    tag: "Applications",
    summary: "Give the application a new webhook secret",
    description:
      "It signs every attempt from now on, repeated ones included. With `overlapHours` the one before it signs too until then, and `X-IDaaS-Signature` has a signature of each, separated by commas. It is shown this once, so the Idempotency-Key header is ignored.",
    bodyExample: { overlapHours: 24 },
    responses: {
      200: {
        description: "The application, with its new secret",
        schema: envelopeOf(
          applicationObject.extend({ webhookSecret: z.string() }).meta({ id: "ApplicationWithWebhookSecret" }),
        ),
      },
    },
    errors: { 409: ["TOO_MANY_SECRETS"] },
  })),
  access: "application",
  securityEvent: "secret_rotated",
  keyed: false,
  body: () => z.object({ overlapHours: overlapHours().default(0) }),
  async handle({ edge, caller, body, perform }) {
    const { sealingKeys } = edge.settings;
    if (sealingKeys.length === 0) return notSetUp(edge, "WEBHOOK_SEALING_KEYS");
    const webhookSecret = newSigningSecret();
    const result = await perform({
      name: "rotate-application-webhook-secret",
      input: {
        id: caller.id,
        secret: await seal(sealingKeys, webhookSecret, caller.id),
        overlapMs: body.overlapHours * hourMs,
      },
    });
    if (!result.ok) return result;
    return succeed(edge, "Webhook secret rotated", { ...toApplication(result.value), webhookSecret });
  },
});
