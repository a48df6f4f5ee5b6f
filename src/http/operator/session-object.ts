import * as z from "zod";
import { forDescription } from "../described";
import type { Session } from "./session";

export const sessionObject = forDescription(() =>
  z
    .strictObject({
      operator: z.string().meta({ description: "The name that the journal records." }),
      scope: z.enum(["read", "write"]),
      endsAt: z.iso.datetime().nullable().meta({ description: "Null for a caller with a token, who has no session." }),
      writesUntil: z.iso.datetime().nullable(),
    })
    .meta({ id: "OperatorSession" }),
);

export function toSessionObject(operator: string, scope: Session["scope"], session: Session | undefined) {
  const iso = (seconds: number | undefined) => (seconds === undefined ? null : new Date(seconds * 1000).toISOString());
  return { operator, scope, endsAt: iso(session?.endsAt), writesUntil: iso(session?.writesUntil) };
}
