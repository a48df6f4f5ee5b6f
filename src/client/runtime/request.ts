import type { Credential } from "./options.ts";

/** Facts about an operation that the client needs while it runs. */
export interface Operation<Name extends string> {
  name: Name;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** The alternative sets of credentials, by scheme. */
  security: readonly (readonly string[])[];
  /** The statuses of its documented errors. */
  refusals: readonly number[];
  /** Whether it takes an idempotency key. */
  keyed?: boolean;
}

export interface Sent {
  path?: Readonly<Record<string, string | number>>;
  query?: Query | undefined;
  body?: unknown;
  idempotencyKey?: string | undefined;
}

export type Query = Readonly<Record<string, unknown>>;

/** The header of a security scheme, with what comes before the credential. */
export interface Scheme {
  header: string;
  prefix: string;
  credential: Credential | undefined;
}

/** Returns the caller's own key, which the transfers contract also takes in a body, or makes one. */
export function keyOf({ idempotencyKey, body }: Sent): string {
  const inBody =
    typeof body === "object" && body !== null && "idempotencyKey" in body ? body.idempotencyKey : undefined;
  return idempotencyKey ?? (typeof inBody === "string" ? inBody : crypto.randomUUID());
}

/** Makes the headers: the first set of credentials that is complete, and the key. */
export async function headersOf(
  { security }: Operation<string>,
  { body }: Sent,
  schemes: Readonly<Record<string, Scheme>>,
  idempotencyKey: string | undefined,
): Promise<Headers> {
  const headers = new Headers();
  const complete = security.find((names) => names.every((name) => schemes[name]?.credential !== undefined));
  for (const name of complete ?? []) {
    const { header, prefix, credential } = schemes[name] as Scheme;
    headers.set(header, prefix + (typeof credential === "function" ? await credential() : credential));
  }
  if (idempotencyKey !== undefined) headers.set("Idempotency-Key", idempotencyKey);
  if (typeof body === "string") headers.set("Content-Encryption", "JWE");
  if (body !== undefined)
    headers.set("Content-Type", typeof body === "string" ? "application/jose" : "application/json");
  return headers;
}

/** Makes the request. Throws if a part of the path is empty. */
export function requestOf(
  baseUrl: string,
  operation: Operation<string>,
  sent: Sent,
  { headers, signal }: { headers: Headers; signal: AbortSignal },
): Request {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => segmentOf(name, sent.path?.[name]));
  const url = new URL(baseUrl.replace(/\/+$/, "") + path);
  for (const [name, value] of Object.entries(sent.query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  const init = { method: operation.method, headers, signal };
  if (sent.body === undefined) return new Request(url, init);
  return new Request(url, { ...init, body: typeof sent.body === "string" ? sent.body : JSON.stringify(sent.body) });
}

/** Refuses what would make another path of this one. */
function segmentOf(name: string, value: string | number | undefined): string {
  const segment = encodeURIComponent(value ?? "");
  if (/^\.{0,2}$/.test(segment)) throw new TypeError(`path.${name} must not be ${JSON.stringify(segment)}`);
  return segment;
}
