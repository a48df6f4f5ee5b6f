import * as z from "zod";
import type { Secret } from "../../db/secrets";
import type { Application } from "../../db/transfers/applications";
import { forDescription } from "../described";
import { jwkObject } from "./jwk-object";
import { instant, orLeftOut, toInstant } from "./print-success";

/** An application without its secrets. */
export const applicationObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      name: z.string(),
      appHandle: z.string(),
      clientId: z.string(),
      active: z.boolean().meta({ description: "Until an operator has admitted it, an application can do nothing." }),
      redirectUris: z.string().optional(),
      transactionWebhookUrl: z.string().optional(),
      metadata: z.record(z.string(), z.unknown()).optional(),
      logoUrl: z.string().optional(),
      appPublicKeyJwk: jwkObject,
      encryptionEnabled: z.boolean().meta({ description: "Whether its webhooks are encrypted with its public key." }),
      keyVersion: z.int(),
      createdAt: instant,
    })
    .meta({ id: "Application" }),
);

/** A secret that is valid, without itself. */
export const secretObject = forDescription(() =>
  z
    .strictObject({
      prefix: z.string().optional().meta({ description: "The first characters of a client secret." }),
      createdAt: instant,
      endsAt: instant.optional().meta({ description: "Left out for the present one." }),
    })
    .meta({ id: "ValidSecret" }),
);

export function toSecret({ prefix, createdAt, endsAt }: Secret) {
  return {
    prefix: orLeftOut(prefix),
    createdAt: toInstant(createdAt),
    endsAt: endsAt === null ? undefined : toInstant(endsAt),
  };
}

export function toApplication(application: Application) {
  return {
    id: application.id,
    name: application.name,
    appHandle: application.appHandle,
    clientId: application.id,
    active: application.active,
    redirectUris: orLeftOut(application.redirectUris),
    transactionWebhookUrl: orLeftOut(application.transactionWebhookUrl),
    metadata: orLeftOut(application.metadata),
    logoUrl: orLeftOut(application.logoUrl),
    appPublicKeyJwk: application.publicKey,
    encryptionEnabled: application.encryptionEnabled,
    keyVersion: application.keyVersion,
    createdAt: toInstant(application.createdAt),
  };
}
