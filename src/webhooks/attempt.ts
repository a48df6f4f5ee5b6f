import { type AttemptOutcome, parseRetryAfter } from "../domain/delivery";

/** Enough to see what went wrong; the rest is not read. */
const excerptBytesMax = 2_048;

/** What is sent where: the body's bytes are those that were signed. */
export interface Parcel {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Attempt {
  outcome: AttemptOutcome;
  durationMs: number;
  /** The beginning of the answer, for the log. Never shown to anybody but the endpoint's owner. */
  excerpt: string | null;
}

/** The way out, how long one attempt may take, connecting included, and the clock that it is timed by. */
export interface Means {
  send: typeof fetch;
  timeoutMs: number;
  nowMs: () => number;
}

/** Sends a parcel once. Redirects are failures and are not followed; any 2xx is success. Never throws. */
export async function attempt(parcel: Parcel, { send, timeoutMs, nowMs }: Means): Promise<Attempt> {
  const startedMs = nowMs();
  const end = (outcome: AttemptOutcome, excerpt: string | null = null): Attempt => ({
    outcome,
    durationMs: nowMs() - startedMs,
    excerpt,
  });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { url, headers, body } = parcel;
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
 * Where a Worker's call reaches nobody, Cloudflare answers in the receiver's place: with a status of its own, from 520 (the
 * receiver broke off) to 530 (its name is unknown), and a page about it (Cloudflare, 5xx errors).
 */
function isCloudflares(status: number, headers: Headers): boolean {
  return status >= 520 && status <= 530 && headers.get("Server") === "cloudflare";
}

/** Null for an empty answer. The status has decided already: one that breaks off or drips does not change it. */
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
    // What was read until then is what there is to show.
  }
  await reader.cancel().catch(() => undefined);
  return text.slice(0, excerptBytesMax).replaceAll("\0", "\uFFFD") || null; // SQL text ends at the first zero
}
