import type { Context } from "hono";
import type { Statement } from "../db/database";
import type { Rows } from "../db/tokens";
import { type Refusal, refusals } from "../domain/refusal";
import { perform } from "../operations/perform";
import type { Asked, Callers, Dialect } from "./dialect";
import type { Edge, HttpEnv } from "./edge";
import { bindKey, readIdempotencyKey, type SentKey } from "./idempotency-key";
import { type Input, readInput, readNames, readRawInput } from "./input";
import { askedBy, printAnswer, printFault, printIssues, printRefusal } from "./print";
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
  const request = c.req.raw;
  const asked = askedBy(request, requestId, edge.deps.nowMs());
  edge.pattern = definition.path;
  edge.crossOrigin = dialect.crossOrigin;
  const words = dialect as unknown as Dialect;
  try {
    if (definition.shielded !== false && !(await edge.shields.general())) {
      return printFault(words, "rate_limited", asked);
    }
    const params = c.req.param() as Record<string, string>;
    const body = await readBody(dialect, definition, edge, request);
    if (dialect.sizeFirst && isTooLarge(body)) return printUnread(words, body, asked);
    const path = readNames(definition.params, params);
    const query = readNames<Q>(definition.query, c.req.query());
    const sent = { params, body: body.ok ? body.value : undefined, query: query.ok ? query.value : undefined };
    const subject = await dialect.subject?.(edge, request.headers);
    const reads = definition.load?.({ db: edge.deps.db, ...sent, subject }) ?? [];
    const known = await dialect.authenticate(edge, request.headers, definition.access, reads as unknown as L);
    if (!known.ok) return printAnswer(words, known.answer, asked);
    if (!path.ok) return printUnread(words, path, asked);

    const found = definition.find?.(known.rows as Rows<L>);
    if (isRefusal(found)) return printRefusal(words, { refusal: found }, asked);
    if (!known.allowed) return printRefusal(words, { refusal: "role_wrong" }, asked);
    const forbidden = definition.permit?.(known.caller, found as F);
    if (forbidden) return printRefusal(words, { refusal: forbidden }, asked);

    if (!body.ok) return printUnread(words, body, asked);
    if (!query.ok) return printUnread(words, query, asked);
    const sentKey = definition.keyed ? readIdempotencyKey(request.headers, body.value, definition.bodyKey) : noKey;
    if (!sentKey.ok) return printUnread(words, sentKey, asked);
    const { key, content } = sentKey;

    const caller = dialect.callerId(known.caller);
    const headers = new Headers();
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
      headers,
      async perform(command) {
        const performed = await perform(edge.deps, command, {
          requestId,
          ...(caller === undefined ? {} : { caller }),
          ...(key === undefined ? {} : { idempotency: bindKey(key, request, params, content) }),
        });
        replayed ||= performed.replayed;
        return performed.result;
      },
    };
    const reply = await definition.handle(input);
    if ("refusal" in reply && words.refusals[reply.refusal].code === (words.faults.failed.code ?? "failed")) {
      edge.deps.log.error("refusal_of_another_contract", reply.refusal, { operation: definition.operationId });
    }
    const response = printReply(words, reply, asked);
    for (const [name, value] of headers) response.headers.set(name, value);
    if (replayed) response.headers.set("Idempotent-Replayed", "true");
    return response;
  } catch (error) {
    edge.deps.log.error("request_failed", error, { operation: definition.operationId });
    return printFault(words, "failed", asked);
  }
}

/** The body as the definition takes it, opened first where it came encrypted. */
async function readBody<C extends Callers, A extends keyof C & string, B, Q, L extends readonly Statement[], F>(
  { open, inspect }: Dialect<C>,
  { prepare, body, formToo, rawBodyLimitBytes }: Definition<C, A, B, Q, L, F>,
  edge: Edge,
  request: Request,
): Promise<Input<B>> {
  if (rawBodyLimitBytes !== undefined) return readRawInput<B>(rawBodyLimitBytes, request);
  await prepare?.(edge);
  const opened = body && open ? await open(edge, request) : request;
  return opened instanceof Request ? readInput(body, opened, { inspect, formToo }) : opened;
}

const noKey: SentKey = { ok: true, key: undefined, content: undefined };

type Unread = Exclude<Input<unknown> | SentKey, { ok: true }>;

function isTooLarge(body: Input<unknown>): body is Extract<Input<unknown>, { fault: unknown }> {
  return "fault" in body && body.fault === "body_too_large";
}

function printUnread(words: Dialect, unread: Unread, asked: Asked): Response {
  if ("answer" in unread) return printAnswer(words, unread.answer, asked);
  return "fault" in unread ? printFault(words, unread.fault, asked) : printIssues(words, unread.issues, asked);
}

function printReply(words: Dialect, reply: Reply, asked: Asked): Response {
  if ("refusal" in reply) return printRefusal(words, reply, asked);
  if ("answer" in reply) return printAnswer(words, reply.answer, asked);
  const { status, body, headers } = reply;
  if (body === undefined) return new Response(null, { status, ...(headers ? { headers } : {}) });
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

function isRefusal(found: unknown): found is Refusal {
  return typeof found === "string" && found in refusals;
}
