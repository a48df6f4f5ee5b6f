import { newKeyPair } from "../../crypto/jwe";
import { described } from "../described";
import { defineRoute } from "../serve";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
import { privateJwkObject } from "./jwk-object";
import { envelopeOf, succeed } from "./print-success";

export const rotateApplicationKey = defineRoute(transfersDialect, {
  operationId: "rotate-application-key",
  method: "post",
  path: "/applications/keys/rotate",
  ...described(() => ({
    tag: "Applications",
    summary: "Give the application a new key pair",
    description:
      "Webhooks are encrypted with the new key from now on; what is under way may still come with the old one. `appPrivateJwk` is shown this once, so the Idempotency-Key header is ignored.",
    responses: {
      200: {
        description: "The application, with its new keys",
        schema: envelopeOf(
          applicationObject.extend({ appPrivateJwk: privateJwkObject }).meta({ id: "ApplicationWithPrivateKey" }),
        ),
      },
    },
    errors: { 409: ["CONFLICT"] },
  })),
  access: "application",
  securityEvent: "secret_rotated",
  keyed: false,
  async handle({ edge, caller, perform }) {
    const keyVersion = caller.keyVersion + 1;
    const { publicJwk, privateJwk } = await newKeyPair(`${caller.id}:${keyVersion}`);
    const result = await perform({
      name: "rotate-application-key",
      input: { id: caller.id, publicKey: publicJwk, keyVersion },
    });
    if (!result.ok) return result;
    return succeed(edge, "Keypair rotated - new key material returned", {
      ...toApplication(result.value),
      appPrivateJwk: privateJwk,
    });
  },
});
