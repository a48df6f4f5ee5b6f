import { SignJWT } from "jose/jwt/sign";
import { jwtVerify } from "jose/jwt/verify";

/** Keys that sign tokens, newest first: the first signs, all of them verify, so that one can be replaced in use. */
export interface TokenKey {
  id: string;
  bytes: Uint8Array;
}

/** The content of a token. */
export interface TokenClaims {
  issuer: string;
  subject: string;
  id: string;
  issuedAtMs: number;
  lifetimeSeconds: number;
  others: Record<string, unknown>;
}

const algorithm = "HS256";

/** Signs a JWT with the newest key, which its header names. Throws if there is none. */
export async function signJwt(keys: readonly TokenKey[], claims: TokenClaims): Promise<string> {
  const [key] = keys;
  if (!key) throw new Error("there is no key to sign tokens with");
  const issuedAt = Math.floor(claims.issuedAtMs / 1000);
  return new SignJWT(claims.others)
    .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: key.id })
    .setIssuer(claims.issuer)
    .setSubject(claims.subject)
    .setJti(claims.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + claims.lifetimeSeconds)
    .sign(key.bytes);
}

/** The subject of a valid token, or the reason for which it is invalid: it has expired, or we did not make it. */
export type VerifiedJwt = { ok: true; subject: string } | { ok: false; reason: "expired" | "invalid" };

/** Verifies a JWT at the given moment, with the key that its header names. */
export async function verifyJwt(
  keys: readonly TokenKey[],
  token: string,
  { issuer, nowMs }: { issuer: string; nowMs: number },
): Promise<VerifiedJwt> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyOf(keys, kid), {
      algorithms: [algorithm],
      issuer,
      currentDate: new Date(nowMs),
      requiredClaims: ["sub", "exp"],
    });
    return payload.sub === undefined ? { ok: false, reason: "invalid" } : { ok: true, subject: payload.sub };
  } catch (error) {
    return { ok: false, reason: codeOf(error) === "ERR_JWT_EXPIRED" ? "expired" : "invalid" };
  }
}

function keyOf(keys: readonly TokenKey[], id: string | undefined): Uint8Array {
  const key = keys.find((one) => one.id === id);
  if (!key) throw new Error("the token names no key of ours");
  return key.bytes;
}

/** Returns the code by which jose names each of its errors. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
