import { AnswerLost, createOperator, Refusal } from "#operator";
import { keepDigits } from "./keep-digits";

/** The failure of a request, for a person who looks at a screen. */
export interface Failure {
  /** 0 without an answer. */
  status: number;
  code: string;
  detail: string;
  requestId: string | undefined;
  retryAfterSeconds: number | undefined;
}

/** A change, as it is sent. */
export interface Change {
  method: string;
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
  key?: string | undefined;
}

/** The operator API. Reads fail at once, because the screen tells why and asks again. */
export const operator = createOperator({ baseUrl: location.origin, patienceMs: 0, timeoutMs: 20_000, fetch: send });

/** Called with the status of every answer; 0 if there was none. */
export const heard: ((status: number) => void)[] = [];

/** Reads a path of the API whose rows are shown by the names of their fields. */
export async function read<Answer>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const url = new URL(path, location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return (await change({ method: "GET", path: url.pathname + url.search })) as Answer;
}

/** Sends a change and returns its answer. Throws a failure. */
export async function change({ method, path, body, headers = {}, key }: Change): Promise<unknown> {
  const sent = new Headers(headers);
  if (key !== undefined) sent.set("Idempotency-Key", key);
  if (body !== undefined && body !== null) sent.set("Content-Type", "application/json");
  const init = { method, headers: sent, ...(body !== undefined && body !== null && { body: JSON.stringify(body) }) };
  const response = await send(new Request(new URL(path, location.href), init)).catch(() => undefined);
  if (!response) throw lost;
  const text = await response.text().catch(() => "");
  if (response.ok) return text === "" ? null : JSON.parse(text);
  throw failureIn(response.status, parsed(text), response.headers.get("Retry-After"));
}

/** Tells what went wrong. An error of our own is thrown again, because it is none of the server's. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refusal) {
    return failureIn(thrown.status, thrown.body, String(thrown.retryAfterSeconds ?? ""));
  }
  if (thrown instanceof AnswerLost) return thrown.status === undefined ? lost : failureIn(thrown.status, {}, null);
  if (isFailure(thrown)) return thrown;
  throw thrown;
}

const lost: Failure = {
  status: 0,
  code: "no_answer",
  detail: "The server cannot be reached. What is shown is as it was.",
  requestId: undefined,
  retryAfterSeconds: undefined,
};

function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === "object" && thrown !== null && "status" in thrown && "code" in thrown && "detail" in thrown;
}

function failureIn(status: number, body: unknown, retryAfter: string | null): Failure {
  const { code, detail, requestId } = (body ?? {}) as Partial<Record<string, unknown>>;
  return {
    status,
    code: typeof code === "string" ? code : `status_${status}`,
    detail: typeof detail === "string" ? detail : "The answer is not one of ours.",
    requestId: typeof requestId === "string" ? requestId : undefined,
    retryAfterSeconds: retryAfter ? Number(retryAfter) : undefined,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function send(request: Request): Promise<Response> {
  request.headers.set("Accord-Console", "1");
  const response = await fetch(request).catch((error) => {
    if (!request.signal.aborted) for (const hear of heard) hear(0);
    throw error;
  });
  for (const hear of heard) hear(response.status);
  if (response.status === 204) return response;
  const { status, headers } = response;
  return new Response(keepDigits(await response.text()), { status, headers });
}
