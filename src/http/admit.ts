import type { Context } from "hono";
import { canonicalId } from "../domain/id";
import { isRefusal } from "../domain/refusal";
import { missingScope } from "../domain/scope";
import type { Dialect, Issue, NamedErrorResponse, RequestError } from "./dialect";
import type { Edge, HttpEnv } from "./edge";
import { readIdempotencyKey, type SentKey } from "./idempotency-key";
import { type Input, readInput, readNames, readQuery, readRawInput } from "./input";
import type { NamedRefusal } from "./print-error";
import type { AnyDefinition, Incoming } from "./route";
import { spending } from "./spending";

/** The checked parts of a request, its idempotency key, if it has one, and the content that the key stands for. */
export type Admitted = Pick<
  Incoming<unknown, unknown, unknown, unknown>,
  "params" | "query" | "body" | "rawBody" | "caller" | "found"
> & { key: string | undefined; content: unknown };

/** The reason for which a request is refused before the operation. */
export type Rejection =
  | NamedRefusal
  | { answer: NamedErrorResponse }
  | { requestError: RequestError }
  | { issues: readonly Issue[] };

/**
 * Checks everything that comes before the operation, in the documented order: 401, 403 for a token that lacks the scope,
 * 404, 403, then the body (413, 415, 400, 422). The body is read first all the same, because its content may choose what is read with the credential.
 */
export async function admit(
  dialect: Dialect,
  definition: AnyDefinition,
  c: Context<HttpEnv>,
): Promise<{ ok: true; value: Admitted } | ({ ok: false; known?: { caller: unknown } } & Rejection)> {
  const edge = c.get("edge");
  if (definition.shielded !== false && !(await edge.shields.general()))
    return { ok: false, requestError: "rate_limited" };

  const sent = await readSent(dialect, definition, c);
  const { params, path, query, body } = sent;
  if (dialect.sizeFirst && isTooLarge(body)) return body;
  const spend = spending(dialect, definition, edge, { headers: c.req.raw.headers, bytes: body.ok ? body.bytes : 0 });
  const known = await identify(dialect, definition, c, sent);
  const stop = await spend(known);
  if (!known.ok) return known;
  const missing = missingScope(definition, known.held);
  if (missing) return { ok: false, refusal: "scope_missing", detail: missing, known };
  if (stop) return { ok: false, answer: stop, known };
  if (!path.ok) return { ...path, known };

  const { caller, rows, allowed } = known;
  const found = definition.find?.(rows, params);
  if (isRefusal(found)) return { ok: false, refusal: found, known };
  const forbidden = allowed ? definition.permit?.(caller, found) : "role_wrong";
  if (forbidden) return { ok: false, refusal: forbidden, known };

  if (!body.ok) return { ...body, known };
  if (!query.ok) return { ...query, known };
  const sentKey = definition.keyed ? readIdempotencyKey(c.req.raw.headers, body.value, definition.bodyKey) : noKey;
  if (!sentKey.ok) return { ...sentKey, known };
  const { key, content } = sentKey;
  return {
    ok: true,
    value: { params, query: query.value, body: body.value, rawBody: body.raw, caller, found, key, content },
  };
}

const noKey: SentKey = { ok: true, key: undefined, content: undefined };

type Sent = Awaited<ReturnType<typeof readSent>>;

async function readSent(dialect: Dialect, definition: AnyDefinition, c: Context<HttpEnv>) {
  const params = canonicalIds(c.req.param());
  return {
    params,
    path: readNames(definition.params, params),
    query: queryIsOurs(definition) ? readQuery(definition.query, c.req.url) : nothing,
    body: await readBody(dialect, definition, c.get("edge"), c.req.raw),
  };
}

/** The names in a path, ids in their own case. An order's id is its caller's own, and stays as it is. */
function canonicalIds(params: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, id]) => [name, name === "orderId" ? id : canonicalId(id)]),
  );
}

const nothing: Input<undefined> = { ok: true, value: undefined, raw: "", bytes: 0 };

/**
 * Tells whether the query is a client's of ours: Stripe's addresses may have parameters of their own, and those of a
 * form are read with it.
 */
function queryIsOurs({ rawBodyLimitBytes, formToo }: AnyDefinition): boolean {
  return rawBodyLimitBytes === undefined && !formToo;
}

/** The limit of most bodies. What stores more text says so (`bodyLimitBytes`). */
export const bodyLimitDefault = 8 * 1024;

/** Reads the body by the definition's schema, after decrypting it if it is encrypted. */
async function readBody(
  { open, inspect, keepsExponents = false }: Dialect,
  { prepare, method, body, formToo, rawBodyLimitBytes, bodyLimitBytes: limitBytes = bodyLimitDefault }: AnyDefinition,
  edge: Edge,
  request: Request,
): Promise<Input<unknown>> {
  if (method === "get") return nothing;
  if (rawBodyLimitBytes !== undefined) return readRawInput(rawBodyLimitBytes, request);
  await prepare?.(edge);
  const opened = open ? await open(edge, request, limitBytes) : request;
  return opened instanceof Request ? readInput(body, opened, { inspect, formToo, keepsExponents, limitBytes }) : opened;
}

function isTooLarge(body: Input<unknown>): body is Extract<Input<unknown>, { requestError: unknown }> {
  return "requestError" in body && body.requestError === "body_too_large";
}

/** Authenticates the caller, with the route's first reads in the same round trip. */
async function identify(
  dialect: Dialect,
  { access, load }: AnyDefinition,
  c: Context<HttpEnv>,
  { params, query, body }: Sent,
) {
  const edge = c.get("edge");
  const { headers } = c.req.raw;
  const reads = load?.({
    db: edge.deps.db,
    params,
    body: body.ok ? body.value : undefined,
    query: query.ok ? query.value : undefined,
    subject: await dialect.subject?.(edge, headers),
  });
  return dialect.authenticate(edge, headers, access, reads ?? []);
}
