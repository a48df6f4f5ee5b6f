import * as z from "zod";
import { forDescription } from "../described";
import { freeForm } from "../free-form";
import { imageAddress, orNull, text } from "./fields";

/** The fields that an application may set and change about itself. The handler checks the webhook's address. */
const applicationFields = () => ({
  name: text(150),
  transactionWebhookUrl: text(500).meta(
    forDescription(() => ({
      format: "uri",
      description: "Where it hears of what it is asked to accept.",
    })),
  ),
  redirectUris: text(2_000).meta(forDescription(() => ({ description: "Separated by commas." }))),
  logoUrl: imageAddress(),
  metadata: freeForm(),
  encryptionEnabled: z.boolean(),
});

export function newApplication() {
  const { name, encryptionEnabled, ...optional } = applicationFields();
  return z.object({
    name,
    transactionWebhookUrl: orNull(optional.transactionWebhookUrl),
    redirectUris: orNull(optional.redirectUris),
    logoUrl: orNull(optional.logoUrl),
    metadata: orNull(optional.metadata),
    encryptionEnabled: encryptionEnabled.default(false),
  });
}

/** Changes of an application. Omitted members stay as they are; null removes an optional one. */
export function applicationChanges() {
  const { name, encryptionEnabled, ...optional } = applicationFields();
  return z.object({
    name: name.optional(),
    transactionWebhookUrl: optional.transactionWebhookUrl.nullish(),
    redirectUris: optional.redirectUris.nullish(),
    logoUrl: optional.logoUrl.nullish(),
    metadata: optional.metadata.nullable().optional(),
    encryptionEnabled: encryptionEnabled.optional(),
  });
}
