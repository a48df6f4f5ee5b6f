import { compactDecrypt } from "jose/jwe/compact/decrypt";
import { CompactEncrypt } from "jose/jwe/compact/encrypt";

/** The public part of a key, with which everybody can encrypt for the holder of the rest. */
export interface PublicJwk {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
  use: "enc";
  alg: "ECDH-ES+A256KW";
  kid: string;
}

/** The whole key, which one answer contains. */
export type PrivateJwk = PublicJwk & { d: string };

const curve = { name: "ECDH", namedCurve: "P-256" } as const;
const keyAlgorithm = "ECDH-ES+A256KW";
const contentAlgorithm = "A256GCM";

/** Makes a key pair. Encrypted bodies name it by `kid`. */
export async function newKeyPair(kid: string): Promise<{ publicJwk: PublicJwk; privateJwk: PrivateJwk }> {
  const { privateKey } = (await crypto.subtle.generateKey(curve, true, ["deriveBits"])) as CryptoKeyPair;
  const { x = "", y = "", d = "" } = (await crypto.subtle.exportKey("jwk", privateKey)) as JsonWebKey;
  const publicJwk = { kty: "EC", crv: "P-256", x, y, use: "enc", alg: keyAlgorithm, kid } as const;
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}

/** Returns a public key in the form of X.509 (SubjectPublicKeyInfo, DER), in base64. */
export async function toSpki(jwk: PublicJwk): Promise<string> {
  const key = await crypto.subtle.importKey("jwk", jwk, curve, true, []);
  return Buffer.from((await crypto.subtle.exportKey("spki", key)) as ArrayBuffer).toString("base64");
}

/** Encrypts a text for the holder of a key, as compact JWE. */
export async function encryptFor(key: PublicJwk, text: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: keyAlgorithm, enc: contentAlgorithm, kid: key.kid })
    .encrypt(key);
}

/**
 * Decrypts a compact JWE with the key that its header names, or with the newest if it names none. Throws if it is not
 * encrypted as the contract says, or not for us. Compressed texts are refused, because they can be decompression bombs.
 */
export async function decryptWith(keys: readonly PrivateJwk[], jwe: string): Promise<string> {
  const { plaintext } = await compactDecrypt(jwe, ({ kid }) => keyOf(keys, kid), {
    keyManagementAlgorithms: [keyAlgorithm],
    contentEncryptionAlgorithms: [contentAlgorithm],
    maxDecompressedLength: 0,
  });
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(plaintext);
}

function keyOf(keys: readonly PrivateJwk[], kid: string | undefined): PrivateJwk {
  const key = kid === undefined ? keys[0] : keys.find((one) => one.kid === kid);
  if (!key) throw new Error("the body is encrypted for no key of ours");
  return key;
}
