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

/** Returns the hash by which a token is stored and found. */
export function hashToken(token: string): string {
  return sha256Hex(token);
}

function patternOf(kind: TokenKind): RegExp {
  return new RegExp(`^${kind}_[A-Za-z0-9_-]{43}$`);
}
