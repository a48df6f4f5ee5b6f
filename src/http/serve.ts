import type { Context } from "hono";
import type { Statement } from "../db/database";
import type { Rows } from "../db/tokens";
import { type Refusal, refusals } from "../domain/refusal";
import { perform } from "../operations/perform";
import type { Callers, Dialect } from "./dialect";
import type { HttpEnv } from "./edge";
import { bindKey, readIdempotencyKey } from "./idempotency-key";
import { type Input, readInput, readQuery, readRawInput } from "./input";
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
    const body =
      definition.rawBodyLimitBytes === undefined
        ? await readInput(definition.body, request)
        : await readRawInput<B>(definition.rawBodyLimitBytes, request);
    const reads = definition.load?.({ db: edge.deps.db, params, body: body.ok ? body.value : undefined }) ?? [];
    const known = await dialect.authenticate(edge, request.headers, definition.access, reads as unknown as L);
    if (!known.ok) return printAnswer(words, known.answer, requestId);

    const found = definition.find?.(known.rows as Rows<L>);
    if (isRefusal(found)) return printRefusal(words, found, requestId);
    if (!known.allowed) return printRefusal(words, "role_wrong", requestId);
    const forbidden = definition.permit?.(known.caller, found as F);
    if (forbidden) return printRefusal(words, forbidden, requestId);

    if (!body.ok) return printUnread(words, body, requestId);
    const query = readQuery<Q>(definition.query, c.req.query());
    if (!query.ok) return printUnread(words, query, requestId);
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

function printUnread(words: Dialect, unread: Exclude<Input<unknown>, { ok: true }>, requestId: string): Response {
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
