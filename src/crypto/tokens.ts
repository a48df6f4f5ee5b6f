import { sha256Hex } from "./hash";

/** A bearer token and the parts of it that are stored: the hash is looked up, the prefix is shown. */
export interface Token {
  token: string;
  hash: string;
  prefix: string;
}

/**
 * The kind of a token, which its prefix shows: a user's of the offers contract, a developer's, or the secret of an
 * application.
 */
export type TokenKind = "acc" | "dev" | "app";

const patterns: Record<TokenKind, RegExp> = { acc: patternOf("acc"), dev: patternOf("dev"), app: patternOf("app") };
const prefixLength = 12;

/** Makes a token of 256 random bits. It cannot be guessed, so a plain SHA-256 protects it in storage. */
export function makeToken(kind: TokenKind = "acc"): Token {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const token = `${kind}_${Buffer.from(random).toString("base64url")}`;
  return { token, hash: hashToken(token), prefix: token.slice(0, prefixLength) };
}

/** Tells whether a text could be one of our tokens. Any other text needs no look-up. */
export function isToken(text: string, kind: TokenKind = "acc"): boolean {
  return patterns[kind].test(text);
}

/**
 * Adds the bucket of its owner's id, a number below 4096, to a token, so that a later Accord with several databases knows
 * from the token alone in which one to look it up. The bucket is no secret and proves nothing.
 */
export function withBucket(token: string, bucket: number): string {
  return token + bucket.toString(16).padStart(3, "0");
}

/** Returns the hash by which a token is stored and found. The bucket is left out: older tokens have none. */
export function hashToken(token: string): string {
  return sha256Hex(token.replace(/^((?:acc|dev)_[\w-]{43})[0-9a-f]{3}$/, "$1"));
}

function patternOf(kind: TokenKind): RegExp {
  return new RegExp(`^${kind}_[A-Za-z0-9_-]{43}([0-9a-f]{3})?$`);
}
