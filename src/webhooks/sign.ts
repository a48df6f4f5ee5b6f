import { hmacSha256 } from "../crypto/hmac";
import { signingKeyOf } from "../crypto/signing-secret";

/**
 * Makes the headers of one attempt in the Standard Webhooks form. Every valid secret signs, so that secrets rotate
 * without a gap.
 */
export async function signStandard(
  message: { id: string; timestampSeconds: number; body: string },
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const content = `${message.id}.${message.timestampSeconds}.${message.body}`;
  const signatures = await Promise.all(
    secrets.map(async (secret) => `v1,${toBase64(await hmacSha256(signingKeyOf(secret), content))}`),
  );
  return {
    "Content-Type": "application/json",
    "Webhook-Id": message.id,
    "Webhook-Timestamp": String(message.timestampSeconds),
    "Webhook-Signature": signatures.join(" "),
  };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
