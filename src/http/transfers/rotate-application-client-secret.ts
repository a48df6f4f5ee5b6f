import * as z from "zod";
import { makeToken } from "../../crypto/tokens";
import { hourMs } from "../../domain/time";
import { described } from "../described";
import { defineRoute } from "../serve";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
import { overlapHours } from "./fields";
import { envelopeOf, succeed } from "./print-success";

export const rotateApplicationClientSecret = defineRoute(transfersDialect, {
  operationId: "rotate-application-client-secret",
  method: "post",
  path: "/applications/client-secret/rotate",
  ...described(() => ({
    tag: "Applications",
    summary: "Give the application a new client secret",
    description:
      "The one before it opens tokens too until the overlap is over, and each that has its own end already until then; with an `overlapHours` of 0 they all end at once. Tokens that were issued stay valid until they expire. It is shown this once, so the Idempotency-Key header is ignored.",
    bodyExample: { overlapHours: 24 },
    responses: {
      200: {
        description: "The application, with its new secret",
        schema: envelopeOf(
          applicationObject.extend({ clientSecret: z.string() }).meta({ id: "ApplicationWithClientSecret" }),
        ),
      },
    },
    errors: { 409: ["TOO_MANY_SECRETS"] },
  })),
  access: "application",
  securityEvent: "secret_rotated",
  keyed: false,
  body: () => z.object({ overlapHours: overlapHours().default(24) }),
  async handle({ edge, caller, body, perform }) {
    const { token: clientSecret, hash: secret, prefix } = makeToken("app");
    const result = await perform({
      name: "rotate-application-client-secret",
      input: { id: caller.id, secret, prefix, overlapMs: body.overlapHours * hourMs },
    });
    if (!result.ok) return result;
    return succeed(edge, "Client secret rotated", { ...toApplication(result.value), clientSecret });
  },
});
