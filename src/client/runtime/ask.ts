export interface Answer {
  status: number;
  text: string;
  retryAfterSeconds: number | undefined;
}

/** Why there is no answer, or the status of one that is not Accord's. */
export interface Lost {
  status?: number;
  cause?: unknown;
}

/** Sends one request, and reads the whole answer. */
export async function ask(send: (request: Request) => Promise<Response>, request: Request): Promise<Answer | Lost> {
  try {
    request.signal.throwIfAborted();
    const response = await send(request);
    const retryAfterSeconds = secondsOf(response.headers.get("Retry-After"));
    return { status: response.status, text: await response.text(), retryAfterSeconds };
  } catch (cause) {
    return { cause };
  }
}

/** Reads `Retry-After`: seconds or a date. */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** Parses a JSON object. Returns undefined if it is none. */
export function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
