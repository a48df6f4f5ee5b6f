import { type AttemptOutcome, parseRetryAfter } from "../domain/webhooks/delivery";

/** The most bytes of an answer that are read: enough to see what went wrong. */
const excerptBytesMax = 2_048;

/** The request of one attempt. The body's bytes are those that were signed. */
export interface DeliveryRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Attempt {
  outcome: AttemptOutcome;
  durationMs: number;
  /** The beginning of the answer, for the log. Only the endpoint's owner can see it. */
  excerpt: string | null;
}

/** How to send, how long one attempt may take, connecting included, and the clock that times it. */
export interface Means {
  send: typeof fetch;
  timeoutMs: number;
  nowMs: () => number;
}

/** Sends a request once. Any 2xx is a success; redirects are failures and are not followed. Never throws. */
export async function attempt(request: DeliveryRequest, { send, timeoutMs, nowMs }: Means): Promise<Attempt> {
  const startedMs = nowMs();
  const end = (outcome: AttemptOutcome, excerpt: string | null = null): Attempt => ({
    outcome,
    durationMs: nowMs() - startedMs,
    excerpt,
  });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { url, headers, body } = request;
    const response = await send(url, { method: "POST", headers, body, redirect: "manual", signal });
    return end(outcomeOf(response, nowMs()), await excerptOf(response, signal));
  } catch {
    return end({ kind: signal.aborted ? "timeout" : "unreachable" });
  }
}

function outcomeOf({ status, headers }: Response, nowMs: number): AttemptOutcome {
  if (isCloudflares(status, headers)) return { kind: "unreachable" };
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  if (status === 410) return { kind: "gone", status };
  if (status >= 300 && status < 400) return { kind: "redirected", status };
  const retryAfterMs = parseRetryAfter(headers.get("Retry-After"), nowMs);
  return { kind: "refused", status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/**
 * Tells whether Cloudflare answered in the receiver's place. If a Worker's request reaches nobody, Cloudflare sends a
 * status of its own, from 520 (the receiver broke off) to 530 (its name is unknown), and a page about it (Cloudflare,
 * 5xx errors).
 */
function isCloudflares(status: number, headers: Headers): boolean {
  return status >= 520 && status <= 530 && headers.get("Server") === "cloudflare";
}

/**
 * Reads the beginning of an answer; null if it is empty. The status has decided already, so an answer that breaks off
 * or is very slow changes nothing.
 */
async function excerptOf(response: Response, signal: AbortSignal): Promise<string | null> {
  if (!response.body) return null;
  const reader = response.body.getReader();
  signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined));
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let read = 0; read < excerptBytesMax; ) {
      const { done, value } = await reader.read();
      if (done) break;
      read += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The part that was read until then is shown.
  }
  await reader.cancel().catch(() => undefined);
  return text.slice(0, excerptBytesMax).replaceAll("\0", "\uFFFD") || null; // SQL text ends at the first zero
}
