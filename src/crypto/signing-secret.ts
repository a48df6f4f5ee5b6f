/** The prefix of a signing secret as its owner sees it: `whsec_` and the key in base64 (Standard Webhooks). */
const prefix = "whsec_";

/** Makes a secret of 256 random bits. */
export function newSigningSecret(): string {
  return prefix + btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}

/** Returns the key's bytes, from a secret with its prefix. */
export function signingKeyOf(secret: string): Uint8Array {
  return Uint8Array.from(atob(secret.slice(prefix.length)), (character) => character.charCodeAt(0));
}
