import { decryptWith } from "../../crypto/jwe";
import { readText } from "../body";
import type { NamedErrorResponse, Unopened } from "../dialect";
import type { Edge } from "../edge";

const undecryptable: NamedErrorResponse = {
  status: 400,
  code: "JWE_DECRYPTION_FAILED",
  text: "The body could not be decrypted with the platform's key",
};

/**
 * Decrypts a request whose body is a compact JWE, as its `Content-Encryption` says, into one whose body is the JSON in
 * it. The answer does not say why a body cannot be decrypted.
 */
export async function openBody({ settings }: Edge, request: Request, limitBytes: number): Promise<Request | Unopened> {
  if (request.headers.get("Content-Encryption")?.toUpperCase() !== "JWE") return request;
  // Encryption makes four characters of three, after a header.
  const sent = await readText(request, 1.5 * limitBytes);
  if (!sent.ok) return sent;
  // A call without a body has nothing to decrypt, whatever header its client always sends.
  if (sent.value.trim() === "") return new Request(request.url, { method: request.method });
  try {
    const body = await decryptWith(settings.encryptionKeys, sent.value.trim());
    return new Request(request.url, {
      method: request.method,
      headers: { "Content-Type": "application/json" },
      body,
    });
  } catch {
    return { ok: false, answer: undecryptable };
  }
}
