import * as z from "zod";
import type { Developer, DeveloperToken } from "../../db/payments/developers";
import { forDescription } from "../described";
import { scopesObject } from "../scopes";

const instant = forDescription(() => z.iso.datetime());

export const developerObject = forDescription(() =>
  z.strictObject({ id: z.string(), name: z.string(), email: z.string(), createdAt: instant }).meta({ id: "Developer" }),
);

/** The same with a token, which is returned once, when it is made. */
export const developerWithToken = forDescription(() =>
  z.strictObject({ ...developerObject.shape, token: z.string() }).meta({ id: "DeveloperWithToken" }),
);

/** A token without its secret: only its first characters are shown. */
export const developerTokenObject = forDescription(() =>
  z
    .strictObject({
      prefix: z.string(),
      scopes: scopesObject,
      createdAt: instant,
      lastUsedAt: instant.nullable().meta({ description: "To the hour." }),
      expiresAt: instant
        .nullable()
        .meta({ description: "Past for one that has ended, null for one that nobody ended." }),
    })
    .meta({ id: "DeveloperToken" }),
);

export function toDeveloper({ id, name, email, createdAt }: Developer): z.output<typeof developerObject> {
  return { id, name, email, createdAt: new Date(createdAt).toISOString() };
}

export function toDeveloperToken(token: DeveloperToken): z.output<typeof developerTokenObject> {
  const { prefix, scopes, createdAt, lastUsedAt, expiresAt } = token;
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    prefix,
    scopes,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: iso(lastUsedAt),
    expiresAt: iso(expiresAt),
  };
}
