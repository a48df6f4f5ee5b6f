import { CompactEncrypt, compactDecrypt, type JWK } from "jose";

/** Encrypts a body for who holds the private half of a key, as the transfers contract asks for. */
export function seal(key: JWK, body: object): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(body)))
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", ...(key.kid ? { kid: key.kid } : {}) })
    .encrypt(key);
}

/** Opens what was encrypted for us. */
export async function unseal<Content>(key: JWK, sealed: string): Promise<Content> {
  const { plaintext } = await compactDecrypt(sealed, key);
  return JSON.parse(new TextDecoder().decode(plaintext)) as Content;
}
