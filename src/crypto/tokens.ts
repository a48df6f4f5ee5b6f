import { sha256Hex } from "./hash";

/** A bearer token and what is kept of it: only the hash can be looked up, only the prefix can be shown. */
export interface Token {
  token: string;
  hash: string;
  prefix: string;
}

/** Whose it is, to be seen at a glance: a user's of the offers contract, a developer's, or the secret of an application. */
export type TokenKind = "acc" | "dev" | "app";

const patterns: Record<TokenKind, RegExp> = { acc: patternOf("acc"), dev: patternOf("dev"), app: patternOf("app") };
const prefixLength = 12;

/** Makes a token of 256 random bits: nothing to guess, so a plain SHA-256 keeps it safe at rest. */
export function makeToken(kind: TokenKind = "acc"): Token {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const token = `${kind}_${Buffer.from(random).toString("base64url")}`;
  return { token, hash: hashToken(token), prefix: token.slice(0, prefixLength) };
}

/** Whether a text could be one of our tokens. Anything else needs no look-up. */
export function isToken(text: string, kind: TokenKind = "acc"): boolean {
  return patterns[kind].test(text);
}

/** What a token is stored and found by. */
export function hashToken(token: string): string {
  return sha256Hex(token);
}

function patternOf(kind: TokenKind): RegExp {
  return new RegExp(`^${kind}_[A-Za-z0-9_-]{43}$`);
}
