import type { Context } from "hono";
import type { Statement } from "../db/database";
import { isId } from "../domain/id";
import { isInterruption } from "../domain/interruption";
import { madeOnce } from "../domain/made-once";
import type { Origin } from "../operations/once";
import { perform } from "../operations/perform";
import { type Admitted, admit, type Rejection } from "./admit";
import { Counted } from "./counted";
import type { Asked, Callers, Dialect } from "./dialect";
import type { Edge, HttpEnv } from "./edge";
import { bindKey } from "./idempotency-key";
import { askedBy, printErrorResponse, printIssues, printRefusal, printRequestError } from "./print-error";
import type { AnyDefinition, Definition, Reply, Route } from "./route";
import { showDay } from "./spending";

/** Binds a definition to its contract adapter. Its types are hidden, because the registry holds routes of one type. */
export function defineRoute<
  C extends Callers,
  A extends keyof C & string,
  B = undefined,
  Q = undefined,
  const L extends readonly Statement[] = readonly [],
  F = undefined,
>(dialectOfCallers: Dialect<C>, written: Definition<C, A, B, Q, L, F>): Route {
  const dialect = dialectOfCallers as unknown as Dialect;
  const { params, body, query, ...rest } = written;
  const keyed = written.keyed ?? written.method === "post";
  const contract = withMadeOnce({ ...rest, keyed }, { params, body, query });
  const definition = contract as unknown as AnyDefinition;
  return { contract, access: written.access, dialect, serve: (c) => serve(dialect, definition, c) };
}

/** Adds members that are made when they are first read, and then kept. */
function withMadeOnce<T extends object>(target: T, makers: Record<string, (() => unknown) | undefined>): T {
  for (const [name, make] of Object.entries(makers)) {
    if (make) Object.defineProperty(target, name, { get: madeOnce(make), enumerable: true });
  }
  return target;
}

/** Serves one request: the checks, then the operation, then its reply in the contract's words. Never throws. */
async function serve(dialect: Dialect, definition: AnyDefinition, c: Context<HttpEnv>): Promise<Response> {
  const edge = c.get("edge");
  const asked = askedBy(c.req.raw, edge.requestId, edge.deps.nowMs());
  edge.pattern = definition.path;
  edge.crossOrigin = dialect.crossOrigin;
  edge.securityEvent = definition.securityEvent;
  const use: Use = {};
  const response = await answer(dialect, definition, c, asked, use);
  await use.counted?.show(response.headers);
  if (edge.day) showDay(edge.day, response.headers);
  return response;
}

/** The counter of a request whose caller is known, on a route that counts. */
interface Use {
  counted?: Counted;
}

async function answer(
  dialect: Dialect,
  definition: AnyDefinition,
  c: Context<HttpEnv>,
  asked: Asked,
  use: Use,
): Promise<Response> {
  const edge = c.get("edge");
  try {
    const admission = await admit(dialect, definition, c);
    const known = admission.ok ? admission.value : admission.known;
    if (known) edge.caller = dialect.who(known.caller as never);
    else if (!admission.ok && isTokenRefused(admission, c.req.raw.headers)) {
      edge.securityEvent = dialect.name === "admin" ? "operator_token_refused" : "token_refused";
    }
    if (known && definition.quota) use.counted = new Counted(definition.quota, edge, known.caller);
    if (!admission.ok) return print(dialect, admission, asked);
    if (await mustWait(definition, edge)) return printRequestError(dialect, "unavailable", asked, afterRecovery);
    return await execute(dialect, definition, c, admission.value, asked, use);
  } catch (error) {
    if (isInterruption(error)) {
      edge.deps.log.warn("request_interrupted", { operation: definition.operationId, reason: String(error) });
      return printRefusal(dialect, { refusal: "busy" }, asked);
    }
    edge.deps.log.error("request_failed", error, { operation: definition.operationId });
    return printRequestError(dialect, "failed", asked);
  }
}

/** Tells whether a caller is unknown although the request has a credential. */
function isTokenRefused(rejection: Rejection, headers: Headers): boolean {
  const isUnknown = "answer" in rejection && [401, 403].includes(rejection.answer.status);
  return isUnknown && (headers.has("Authorization") || headers.has("X-Developer-Token"));
}

/** The time after which a client may ask again while the lost time is searched, which takes minutes. */
const afterRecovery = { "Retry-After": "60" };

/** Tells whether a request must wait: a change does while the time that a restored database has lost is searched. */
async function mustWait({ method, evenInRecovery }: AnyDefinition, { deps }: Edge): Promise<boolean> {
  if (method === "get" || evenInRecovery) return false;
  return (await deps.restored())?.isRecovering ?? false;
}

async function execute(
  dialect: Dialect,
  definition: AnyDefinition,
  c: Context<HttpEnv>,
  admitted: Admitted,
  asked: Asked,
  { counted }: Use,
): Promise<Response> {
  const edge = c.get("edge");
  const request = c.req.raw;
  const origin = originOf(dialect, edge.requestId, request, admitted);
  const { key, content: _, full, ...checked } = admitted;
  const { id = "" } = admitted.params;
  if (isId(id)) edge.about = id;
  const headers = new Headers();
  let replayed = false;
  const reply = await definition.handle({
    edge,
    request,
    ...checked,
    hasKey: key !== undefined,
    headers,
    takeUse: async () => counted?.take(dialect),
    async perform(command) {
      const performed = await perform(edge.deps, command, origin);
      replayed ||= performed.replayed;
      return performed.result;
    },
  });
  if (replayed) await edge.day?.giveBack?.();
  if (full && "refusal" in reply && reply.refusal === "quota_exceeded") return print(dialect, { answer: full }, asked);
  if ("refusal" in reply && dialect.refusals[reply.refusal].code === (dialect.requestErrors.failed.code ?? "failed")) {
    edge.deps.log.error("refusal_of_another_contract", reply.refusal, { operation: definition.operationId });
  }
  const response = print(dialect, reply, asked);
  for (const [name, value] of headers) response.headers.set(name, value);
  if (replayed) response.headers.set("Idempotent-Replayed", "true");
  return response;
}

/** Makes the origin of a change: the caller, the request and the idempotency key. */
function originOf(
  dialect: Dialect,
  requestId: string,
  request: Request,
  { caller, params, key, content, full }: Admitted,
): Origin {
  const callerId = dialect.callerId(caller);
  return {
    requestId,
    ...(callerId === undefined ? {} : { caller: callerId }),
    ...(key === undefined ? {} : { idempotency: bindKey(key, request, params, content) }),
    onlyRepeats: full !== undefined,
  };
}

function print(dialect: Dialect, reply: Reply | Rejection, asked: Asked): Response {
  if ("refusal" in reply) return printRefusal(dialect, reply, asked);
  if ("answer" in reply) return printErrorResponse(dialect, reply.answer, asked);
  if ("requestError" in reply) return printRequestError(dialect, reply.requestError, asked);
  if ("issues" in reply) return printIssues(dialect, reply.issues, asked);
  const { status, body, headers } = reply;
  if (body === undefined) return new Response(null, { status, ...(headers ? { headers } : {}) });
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}
