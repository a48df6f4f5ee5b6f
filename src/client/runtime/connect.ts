import { type Answer, ask, type Lost, parse } from "./ask.ts";
import { AnswerLost, Refusal } from "./failures.ts";
import type { CallOptions, ClientOptions } from "./options.ts";
import { headersOf, keyOf, type Operation, requestOf, type Scheme, type Sent } from "./request.ts";

export type Send = <Result>(operation: Operation<string>, sent: Sent, call?: CallOptions) => Promise<Result>;

/** Returns what sends a request and repeats it, under the same key, for as long as that is safe and patience lasts. */
export function connect(options: ClientOptions, schemes: Readonly<Record<string, Scheme>>): Send {
  const { baseUrl, fetch: send = (request) => fetch(request), timeoutMs = 30_000, patienceMs = 60_000 } = options;
  return async <Result>(operation: Operation<string>, sent: Sent, { signal }: CallOptions = {}): Promise<Result> => {
    const idempotencyKey = operation.keyed ? keyOf(sent) : undefined;
    const patientUntilMs = Date.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      signal?.throwIfAborted();
      const headers = await headersOf(operation, sent, schemes, idempotencyKey);
      const timeout = AbortSignal.timeout(timeoutMs);
      const request = requestOf(baseUrl, operation, sent, {
        headers,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const answer = await ask(send, request);
      signal?.throwIfAborted();
      const outcome = outcomeOf<Result>(operation, answer, idempotencyKey);
      if ("result" in outcome) return outcome.result;
      const waitMs = pauseMs(attempt, outcome.failure);
      if (!isRepeatable(operation, outcome.failure) || Date.now() + waitMs > patientUntilMs) throw outcome.failure;
      await sleep(waitMs, signal);
    }
  };
}

type Failure = AnswerLost | Refusal<string, number, object, string>;

/** Sorts an answer: a success, a documented error, or none of what the operation answers. */
function outcomeOf<Result>(
  { name, refusals }: Operation<string>,
  answer: Answer | Lost,
  idempotencyKey: string | undefined,
): { result: Result } | { failure: Failure } {
  if (!("text" in answer)) return { failure: new AnswerLost(name, { ...answer, idempotencyKey }) };
  const { status, text, retryAfterSeconds } = answer;
  if (status === 204) return { result: undefined as Result };
  const body = status < 300 || refusals.includes(status) ? parse(text) : undefined;
  if (body === undefined) return { failure: new AnswerLost(name, { status, cause: text, idempotencyKey }) };
  if (status < 300) return { result: body as Result };
  return { failure: new Refusal(name, status, body, { idempotencyKey, retryAfterSeconds }) };
}

/**
 * Tells whether a call may be sent again. Without a key, a POST may have happened unless it was turned away at the
 * door. A 409 says by `Retry-After` that the first request is still running. All else would be refused again.
 */
function isRepeatable({ keyed, method }: Operation<string>, failure: Failure): boolean {
  const happensOnce = keyed === true || method !== "POST";
  const { status = 0 } = failure;
  if (failure instanceof AnswerLost) return happensOnce && (status < 300 || status >= 500);
  if (status === 409) return happensOnce && failure.retryAfterSeconds !== undefined;
  return status === 429 || (status === 503 && happensOnce);
}

/** Returns how long to wait: as long as the server says, and longer each time, at random. */
function pauseMs(attempt: number, failure: Failure): number {
  const growing = Math.min(500 * 2 ** attempt, 8_000) * (0.5 + Math.random() / 2);
  const asked = failure instanceof Refusal ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.max(growing, asked);
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
