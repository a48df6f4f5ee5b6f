/** Keys that encrypt secrets which we must be able to read again, newest first: `id:base64` of 32 bytes each. */
export interface SealingKey {
  id: string;
  bytes: Uint8Array;
}

const nonceBytes = 12;

/**
 * Encrypts a secret with the newest key: AES-256-GCM, bound to its row, so that it cannot be used in another. Returns
 * `keyId.nonce.ciphertext`.
 */
export async function seal(keys: readonly SealingKey[], secret: string, boundTo: string): Promise<string> {
  const [key] = keys;
  if (!key) throw new Error("there is no key to seal secrets with");
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = await crypto.subtle.encrypt(parameters(nonce, boundTo), await importKey(key), encode(secret));
  return `${key.id}.${toBase64(nonce)}.${toBase64(new Uint8Array(sealed))}`;
}

/**
 * Decrypts a sealed secret with the key that it names. Throws if the key is not configured, the text was changed, or it
 * belongs to another row.
 */
export async function unseal(keys: readonly SealingKey[], sealed: string, boundTo: string): Promise<string> {
  const [id, nonce = "", text = ""] = sealed.split(".");
  const key = keys.find((one) => one.id === id);
  if (!key) throw new Error(`the sealing key ${id} is not configured`);
  const opened = await crypto.subtle.decrypt(
    parameters(fromBase64(nonce), boundTo),
    await importKey(key),
    fromBase64(text),
  );
  return new TextDecoder().decode(opened);
}

function parameters(iv: Uint8Array, boundTo: string) {
  return { name: "AES-GCM", iv, additionalData: encode(boundTo) };
}

function importKey(key: SealingKey): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key.bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
