import * as z from "zod";
import { seal } from "../../crypto/seal";
import { newSigningSecret } from "../../crypto/signing-secret";
import { described } from "../described";
import { defineRoute } from "../serve";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
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
      "It signs every attempt from now on, repeated ones included. It is shown this once, so the Idempotency-Key header is ignored.",
    responses: {
      200: {
        description: "The application, with its new secret",
        schema: envelopeOf(
          applicationObject.extend({ webhookSecret: z.string() }).meta({ id: "ApplicationWithWebhookSecret" }),
        ),
      },
    },
  })),
  access: "application",
  securityEvent: "secret_rotated",
  keyed: false,
  async handle({ edge, caller, perform }) {
    const { sealingKeys } = edge.settings;
    if (sealingKeys.length === 0) return notSetUp(edge, "WEBHOOK_SEALING_KEYS");
    const webhookSecret = newSigningSecret();
    const result = await perform({
      name: "rotate-application-webhook-secret",
      input: { id: caller.id, webhookSecret: await seal(sealingKeys, webhookSecret, caller.id) },
    });
    if (!result.ok) return result;
    return succeed(edge, "Webhook secret rotated", { ...toApplication(result.value), webhookSecret });
  },
});
