import * as z from "zod";
import type { App, AppUser } from "../../db/payments/developers";
import { forDescription } from "../described";

export const appObject = forDescription(() =>
  z.strictObject({ id: z.string(), name: z.string(), created_at: z.iso.datetime() }).meta({ id: "App" }),
);

export const appUserObject = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      app_id: z.string(),
      external_id: z.string().nullable(),
      created_at: z.iso.datetime(),
    })
    .meta({ id: "AppUser" }),
);

export function toApp({ id, name, createdAt }: App): z.output<typeof appObject> {
  return { id, name, created_at: new Date(createdAt).toISOString() };
}

export function toAppUser({ id, appId, externalId, createdAt }: AppUser): z.output<typeof appUserObject> {
  return { id, app_id: appId, external_id: externalId, created_at: new Date(createdAt).toISOString() };
}
