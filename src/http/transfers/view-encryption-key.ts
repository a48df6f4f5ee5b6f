import * as z from "zod";
import { toSpki } from "../../crypto/jwe";
import { dayMs } from "../../domain/time";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { jwkObject } from "./jwk-object";
import { notSetUp } from "./not-set-up";
import { envelopeOf, succeed } from "./print-success";

/** A replaced key still decrypts what was encrypted with it, so a day is not too long. */
const cacheSeconds = dayMs / 1_000;

export const viewEncryptionKey = defineRoute(transfersDialect, {
  operationId: "view-encryption-key",
  method: "get",
  path: "/keys/idaas",
  ...described(() => ({
    tag: "Applications",
    summary: "The platform's public key",
    description: "To encrypt request bodies with. Ask again only when one could not be decrypted.",
    responses: {
      200: {
        description: "The key, twice",
        schema: envelopeOf(
          z.strictObject({
            jwk: jwkObject,
            publicKeyBase64: z.string().meta({ description: "SubjectPublicKeyInfo, DER, in base64." }),
          }),
        ),
      },
    },
  })),
  access: "anyone",
  async handle({ edge, headers }) {
    const [key] = edge.settings.encryptionKeys;
    if (!key) return notSetUp(edge, "TRANSFERS_ENCRYPTION_KEYS");
    const { d: _, ...jwk } = key;
    headers.set("Cache-Control", `public, max-age=${cacheSeconds}`);
    return succeed(edge, "Encryption key", { jwk, publicKeyBase64: await toSpki(jwk) });
  },
});
