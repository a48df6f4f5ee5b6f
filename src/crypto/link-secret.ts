import { sha256Hex } from "./hash";

/** Makes the secret of a link that is mailed: 256 random bits as 64 hex digits, of which only the hash is stored. */
export function makeLinkSecret(): { secret: string; hash: string } {
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
  return { secret, hash: sha256Hex(secret) };
}

/** Returns the 40 hex digits by which a link names the address that it confirms. */
export function addressMark(address: string): string {
  return sha256Hex(address.toLowerCase()).slice(0, 40);
}
