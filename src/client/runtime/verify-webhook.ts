/** An event after Standard Webhooks (https://www.standardwebhooks.com), as endpoints receive it. */
export interface WebhookEvent {
  /** The same in every attempt and replay. */
  id: string;
  type: string;
  timestamp: string;
  resource: string;
  /** Counts the events of one resource from 1. */
  sequence: number;
  data: { [member: string]: unknown };
}

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  headers: Headers | { readonly [name: string]: string | readonly string[] | undefined };
  /** The body as it came, before anything parsed it. */
  body: string;
  /** The secret as it was shown. */
  secret: string;
  /** By how much the time of signing may differ from ours; 300 unless given. */
  toleranceSeconds?: number | undefined;
}

/** A verified message. A message of the transfers contract is the text of a JWE where encryption is on. */
export type VerifiedWebhook<Message> =
  | { scheme: "standard"; event: WebhookEvent }
  | { scheme: "transfers"; message: Message | string };

/** A webhook that is not to be believed. */
export class WebhookRefused extends Error {
  override readonly name = "WebhookRefused";
  readonly reason: "header_missing" | "time_wrong" | "signature_wrong" | "body_malformed";

  constructor(reason: WebhookRefused["reason"]) {
    super(`webhook refused: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Verifies a webhook in either form: Standard Webhooks by `Webhook-Signature`, the transfers contract's own by
 * `X-IDaaS-Signature`. Throws `WebhookRefused` if it is not ours, was changed, or is too old. It may come twice.
 */
export async function verifyWebhook<Message = { [member: string]: unknown }>(
  received: ReceivedWebhook,
): Promise<VerifiedWebhook<Message>> {
  const { body, secret, toleranceSeconds = 300 } = received;
  if (secret === "") throw new TypeError("the secret is empty");
  const isStandard = headerOf(received, "webhook-signature") !== undefined;
  const seconds = required(received, isStandard ? "webhook-timestamp" : "x-idaas-timestamp");
  const isNear = /^\d+$/.test(seconds) && Math.abs(Date.now() / 1000 - Number(seconds)) <= toleranceSeconds;
  if (!isNear) throw new WebhookRefused("time_wrong");
  const isOurs = isStandard
    ? await isSigned(keyBytesOf(secret), `${required(received, "webhook-id")}.${seconds}.${body}`, standard(received))
    : await isSigned(utf8(secret), `v0:${seconds}:${body}`, ofTransfers(received));
  if (!isOurs) throw new WebhookRefused("signature_wrong");
  if (isStandard) return { scheme: "standard", event: parsed<WebhookEvent>(body) };
  return { scheme: "transfers", message: body.startsWith("{") ? parsed<Message>(body) : body };
}

/** Returns the signatures of the form `v1,<base64>`, one for each secret that is valid while secrets rotate. */
function standard(received: ReceivedWebhook): Uint8Array<ArrayBuffer>[] {
  const versioned = required(received, "webhook-signature").split(" ");
  return versioned.flatMap((one) => (one.startsWith("v1,") ? bytesOf(one.slice(3)) : []));
}

/** Returns the signatures of the form `v0=<hex>`, one for each secret that is valid while secrets rotate. */
function ofTransfers(received: ReceivedWebhook): Uint8Array<ArrayBuffer>[] {
  const versioned = required(received, "x-idaas-signature").split(",");
  return versioned.map((one) => {
    const [, hex = ""] = /^v0=((?:[0-9a-f]{2})+)$/.exec(one.trim()) ?? [];
    return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  });
}

/** Compares by the platform's own HMAC, which takes the same time wherever they differ. */
async function isSigned(
  secret: Uint8Array<ArrayBuffer>,
  content: string,
  signatures: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["verify"]);
  const bytes = utf8(content);
  const matches = await Promise.all(signatures.map((signature) => crypto.subtle.verify("HMAC", key, signature, bytes)));
  return matches.includes(true);
}

/** Returns the key of a secret of Standard Webhooks: what follows `whsec_`, in base64. */
function keyBytesOf(secret: string): Uint8Array<ArrayBuffer> {
  const [key] = bytesOf(secret.replace(/^whsec_/, ""));
  if (!key?.length) throw new TypeError("the secret is none of Standard Webhooks: whsec_ and base64");
  return key;
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

/** Decodes base64. Returns an empty list if it is none. */
function bytesOf(base64: string): [] | [Uint8Array<ArrayBuffer>] {
  try {
    return [Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))];
  } catch {
    return [];
  }
}

function required(received: ReceivedWebhook, name: string): string {
  const value = headerOf(received, name);
  if (value === undefined) throw new WebhookRefused("header_missing");
  return value;
}

function headerOf({ headers }: ReceivedWebhook, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  return typeof value === "string" ? value : value?.[0];
}

function parsed<Value>(body: string): Value {
  try {
    return JSON.parse(body) as Value;
  } catch {
    throw new WebhookRefused("body_malformed");
  }
}
