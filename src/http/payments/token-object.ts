import * as z from "zod";
import type { DeveloperToken } from "../../db/payments/developers";
import { forDescription } from "../described";
import { scopesObject } from "../scopes";

const instant = forDescription(() => z.iso.datetime());

/** A developer's token without its secret. */
export const tokenObject = forDescription(() =>
  z
    .strictObject({
      prefix: z.string().meta({ description: "The token's first characters, by which it is named." }),
      scopes: scopesObject,
      current: z.boolean().meta({ description: "Whether it is the token of this request." }),
      created_at: instant,
      last_used_at: instant.nullable().meta({ description: "To the hour." }),
      expires_at: instant.nullable().meta({ description: "Past for one that has ended; null if nobody ended it." }),
    })
    .meta({ id: "OwnDeveloperToken" }),
);

/** A new token, which is answered once, when it is made. */
export const newTokenObject = forDescription(() =>
  z
    .strictObject({ token: z.string(), prefix: z.string(), scopes: scopesObject, expires_at: instant.nullable() })
    .meta({ id: "NewDeveloperToken" }),
);

export function toToken(
  { prefix, scopes, createdAt, lastUsedAt, expiresAt }: DeveloperToken,
  currentPrefix: string,
): z.output<typeof tokenObject> {
  return {
    prefix,
    scopes,
    current: prefix === currentPrefix,
    created_at: new Date(createdAt).toISOString(),
    last_used_at: isoOrNull(lastUsedAt),
    expires_at: isoOrNull(expiresAt),
  };
}

/** Prints a time, or null where there is none. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
