import type { Context } from "hono";
import type { Statement } from "../db/database";
import type { Rows } from "../db/tokens";
import type { Refusal } from "../domain/refusal";
import { refusals } from "../domain/refusal";
import { perform } from "../operations/perform";
import { type Body, readJson, readText } from "./body";
import type { Callers, Dialect, Issue } from "./dialect";
import type { HttpEnv } from "./edge";
import { bindKey, readIdempotencyKey } from "./idempotency-key";
import { printAnswer, printFault, printIssues, printRefusal } from "./print";
import type { Definition, Incoming, Reply, Route } from "./route";

/** Binds a definition to its dialect. All types end here: the registry holds routes of one kind. */
export function defineRoute<
  C extends Callers,
  A extends keyof C & string,
  B = undefined,
  Q = undefined,
  const L extends readonly Statement[] = readonly [],
  F = undefined,
>(dialect: Dialect<C>, definition: Definition<C, A, B, Q, L, F>): Route {
  const keyed = definition.keyed ?? definition.method === "post";
  return {
    contract: { ...definition, keyed },
    access: definition.access,
    dialect: dialect as unknown as Dialect,
    serve: (c) => serve(dialect, { ...definition, keyed }, c),
  };
}

/**
 * One request, in the order of offers.md C5: 401, 404, 403, then the body (413, 415, 400, 422), then the operation. The
 * body is read first all the same, because its content may choose what is read with the credential in one round trip.
 */
async function serve<C extends Callers, A extends keyof C & string, B, Q, L extends readonly Statement[], F>(
  dialect: Dialect<C>,
  definition: Definition<C, A, B, Q, L, F>,
  c: Context<HttpEnv>,
): Promise<Response> {
  const edge = c.get("edge");
  const { requestId } = edge;
  edge.pattern = definition.path;
  edge.crossOrigin = dialect.crossOrigin;
  const words = dialect as unknown as Dialect;
  try {
    if (definition.shielded !== false && !(await edge.shields.general())) {
      return printFault(words, "rate_limited", requestId);
    }
    const request = c.req.raw;
    const params = c.req.param() as Record<string, string>;
    const body = await readDeclared(definition, request);
    const reads = definition.load?.({ db: edge.deps.db, params, body: body.ok ? body.value : undefined }) ?? [];
    const known = await dialect.authenticate(edge, request.headers, definition.access, reads as unknown as L);
    if (!known.ok) return printAnswer(words, known.answer, requestId);

    const found = definition.find?.(known.rows as Rows<L>);
    if (isRefusal(found)) return printRefusal(words, found, requestId);
    if (!known.allowed) return printRefusal(words, "role_wrong", requestId);
    const forbidden = definition.permit?.(known.caller, found as F);
    if (forbidden) return printRefusal(words, forbidden, requestId);

    if (!body.ok) return printUnread(words, body, requestId);
    const query = parseQuery(definition, c);
    if (!query.ok) return printIssues(words, query.issues, requestId);
    const key = definition.keyed ? readIdempotencyKey(request.headers) : undefined;
    if (key === "invalid") return printFault(words, "idempotency_key_invalid", requestId);

    const caller = dialect.callerId(known.caller);
    let replayed = false;
    const input: Incoming<C[A], B, Q, F> = {
      edge,
      request,
      params,
      query: query.value,
      body: body.value,
      rawBody: body.raw,
      caller: known.caller,
      found: found as F,
      hasKey: key !== undefined,
      async perform(command) {
        const performed = await perform(edge.deps, command, {
          requestId,
          ...(caller === undefined ? {} : { caller }),
          ...(key === undefined ? {} : { idempotency: bindKey(key, request, body.value) }),
        });
        replayed = performed.replayed;
        return performed.result;
      },
    };
    const response = printReply(words, await definition.handle(input), requestId);
    if (replayed) response.headers.set("Idempotent-Replayed", "true");
    return response;
  } catch (error) {
    edge.deps.log.error("request_failed", error, { operation: definition.operationId });
    return printFault(words, "failed", requestId);
  }
}

type Parsed<B> =
  | { ok: true; value: B; raw: string }
  | { ok: false; fault: "body_too_large" | "media_type_wrong" | "body_malformed" }
  | { ok: false; issues: readonly Issue[] };

async function readDeclared<C extends Callers, A extends keyof C & string, B, Q, L extends readonly Statement[], F>(
  { body: schema, rawBodyLimitBytes }: Definition<C, A, B, Q, L, F>,
  request: Request,
): Promise<Parsed<B>> {
  if (rawBodyLimitBytes !== undefined) {
    const raw = await readText(request, rawBodyLimitBytes);
    return raw.ok ? { ok: true, value: undefined as B, raw: raw.value } : raw;
  }
  const read: Body<unknown> = request.body === null ? { ok: true, value: {} } : await readJsonOf(schema, request);
  if (!read.ok) return read;
  if (!schema) return { ok: true, value: undefined as B, raw: "" };
  const parsed = schema.safeParse(read.value, { reportInput: true });
  if (!parsed.success) return { ok: false, issues: parsed.error.issues };
  return { ok: true, value: parsed.data, raw: "" };
}

/** A route without a body of its own ignores what is sent, but does not swallow without limit. */
async function readJsonOf(schema: unknown, request: Request): Promise<Body<unknown>> {
  const read = await readJson(request);
  return schema || (!read.ok && read.fault === "body_too_large") ? read : { ok: true, value: {} };
}

function parseQuery<C extends Callers, A extends keyof C & string, B, Q, L extends readonly Statement[], F>(
  { query: schema }: Definition<C, A, B, Q, L, F>,
  c: Context<HttpEnv>,
): { ok: true; value: Q } | { ok: false; issues: readonly Issue[] } {
  if (!schema) return { ok: true, value: undefined as Q };
  const parsed = schema.safeParse(c.req.query(), { reportInput: true });
  return parsed.success ? { ok: true, value: parsed.data as Q } : { ok: false, issues: parsed.error.issues };
}

function printUnread(words: Dialect, unread: Exclude<Parsed<unknown>, { ok: true }>, requestId: string): Response {
  return "fault" in unread ? printFault(words, unread.fault, requestId) : printIssues(words, unread.issues, requestId);
}

function printReply(words: Dialect, reply: Reply, requestId: string): Response {
  if ("refusal" in reply) return printRefusal(words, reply.refusal, requestId);
  if ("answer" in reply) return printAnswer(words, reply.answer, requestId);
  const { status, body, headers } = reply;
  if (body === undefined) return new Response(null, { status, ...(headers ? { headers } : {}) });
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

function isRefusal(found: unknown): found is Refusal {
  return typeof found === "string" && found in refusals;
}
