import * as z from "zod";
import type { PrivateJwk } from "./crypto/jwe";
import type { TokenKey } from "./crypto/jwt";
import type { SealingKey } from "./crypto/seal";
import { bucketCount } from "./domain/id";
import { madeOnce } from "./domain/made-once";
import { parseReleaseRule } from "./domain/offers/release";
import { type OpenRows, openRowsDefault } from "./domain/quota";

/* The forms of settings that are more than a text or a number. */

export const list = madeOnce(() =>
  z.string().transform((text) => text.split(",").flatMap((part) => part.trim() || [])),
);
export const optionalText = madeOnce(() => z.string().transform((text) => text.trim() || undefined));

export const namedTokens = () =>
  list().transform((entries, context) =>
    entries.flatMap((entry) => {
      const [, name, scope, token] = /^([\w.-]+)(\/read)?:(\S+)$/.exec(entry) ?? [];
      if (name !== undefined && token !== undefined) return { name, token, reads: scope !== undefined };
      const message = "each entry is name:token or name/read:token, entries are separated by commas";
      context.addIssue({ code: "custom", message });
      return [];
    }),
  );

/** Keys as `id:base64` of 32 bytes, newest first: the first is used for new values, all of them for existing ones. */
export const secretKeys = madeOnce(() =>
  list().transform((entries, context) =>
    entries.flatMap((entry): (SealingKey & TokenKey)[] => {
      const [, id, text] = /^(\w+):([\w+/]{43}=)$/.exec(entry) ?? [];
      if (id !== undefined && text !== undefined) {
        return [{ id, bytes: Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) }];
      }
      context.addIssue({ code: "custom", message: "each key is id:base64 of 32 bytes, keys are separated by commas" });
      return [];
    }),
  ),
);

export const releaseRule = () =>
  z.string().transform((text, context) => {
    const rule = parseReleaseRule(text.trim());
    if (rule) return rule;
    context.addIssue({ code: "custom", message: "must be accepted, completed, or days:N with N from 1 to 30" });
    return z.NEVER;
  });

/** Limits as `kind:most`; what is not named keeps its default. */
export const openRows = () =>
  list().transform((entries, context): OpenRows => {
    const limits: Record<string, number> = { ...openRowsDefault };
    for (const entry of entries) {
      const [, kind = "", most] = /^(\w+):([1-9]\d{0,8})$/.exec(entry) ?? [];
      if (kind in openRowsDefault) limits[kind] = Number(most);
      else {
        const message = `each limit is kind:most, and the kinds are ${Object.keys(openRowsDefault).join(", ")}`;
        context.addIssue({ code: "custom", message });
      }
    }
    return limits as OpenRows;
  });

/** The buckets that new roots are made in, as `first-last`. */
export const buckets = () =>
  z.string().transform((text, context) => {
    const [, first, last] = /^\s*(\d{1,4})-(\d{1,4})\s*$/.exec(text)?.map(Number) ?? [];
    if (first !== undefined && last !== undefined && first <= last && last < bucketCount) return { first, last };
    context.addIssue({ code: "custom", message: `must be first-last, from 0 to ${bucketCount - 1}` });
    return z.NEVER;
  });

/** The most rows or bytes that an owner stores in a day; 0 means that they are not counted. */
export const aDay = (most: number) => z.coerce.number().int().min(0).max(1e15).default(most);

const coordinate = madeOnce(() => z.string().regex(/^[\w-]{43}$/));
const privateJwk = () =>
  z.object({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: coordinate(),
    y: coordinate(),
    d: coordinate(),
  });

/** Keys as `kid:base64url` of a private JWK, newest first: the first is published, all of them decrypt. */
export const encryptionKeys = () =>
  list().transform((entries, context) =>
    entries.flatMap((entry): PrivateJwk[] => {
      const [, kid, text] = /^([\w.-]+):([\w-]+)$/.exec(entry) ?? [];
      const jwk = privateJwk().safeParse(parseJson(Buffer.from(text ?? "", "base64url").toString()));
      if (kid !== undefined && jwk.success) return [{ ...jwk.data, use: "enc", alg: "ECDH-ES+A256KW", kid }];
      const message = "each key is kid:base64url of a private JWK (EC, P-256), keys are separated by commas";
      context.addIssue({ code: "custom", message });
      return [];
    }),
  );

export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
