import * as z from "zod";
import { forDescription } from "../described";

/** A key with which bodies are encrypted. */
export const jwkObject = forDescription(() =>
  z
    .strictObject({
      kty: z.literal("EC"),
      crv: z.literal("P-256"),
      x: z.string(),
      y: z.string(),
      use: z.literal("enc"),
      alg: z.literal("ECDH-ES+A256KW"),
      kid: z.string().meta({ description: "What an encrypted body names the key by." }),
    })
    .meta({ id: "PublicJwk" }),
);

/** The same with the private half, which is in one answer only. */
export const privateJwkObject = forDescription(() =>
  z.strictObject({ ...jwkObject.shape, d: z.string() }).meta({ id: "PrivateJwk" }),
);
