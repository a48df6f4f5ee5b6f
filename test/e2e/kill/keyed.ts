import { randomUUID } from "node:crypto";
import { type Answer, Journey } from "../../journey.ts";
import { CutOff, type evidence } from "./evidence.ts";

/** The server that requests go to, and the evidence of their outcomes. */
export interface Line {
  origin: string;
  book: ReturnType<typeof evidence>;
  /** Returns true once the server is about to be killed: later failures were cut off. */
  isDying(): boolean;
}

/** Takes a step with a key of its own. If it is cut off, it is recorded, to be repeated exactly after the restart. */
export async function keyed<T>(line: Line, what: string, step: (journey: Journey) => Promise<T>): Promise<T> {
  const key = randomUUID();
  const again = () => step(new Journey(sender(line, key), line.origin));
  try {
    return await again();
  } catch (error) {
    if (error instanceof CutOff) {
      line.book.unanswered.push({ what, again });
      line.book.note("unanswered", { step: what, key });
    }
    throw error;
  }
}

/** Makes a function that sends a request and reads the whole answer: an incomplete one was not received. */
export function sender(line: Line, key?: string) {
  return async (request: Request): Promise<Response> => {
    if (key !== undefined) request.headers.set("Idempotency-Key", key);
    try {
      const response = await fetch(request, { signal: AbortSignal.timeout(20_000) });
      const bytes = await response.arrayBuffer();
      // The proxy outlives the rest for a moment, and then answers in its place.
      if (response.status >= 500 && line.isDying()) throw new CutOff();
      return new Response(bytes.byteLength > 0 ? bytes : null, response);
    } catch (error) {
      if (line.isDying()) throw new CutOff();
      throw new Error(`${request.method} ${new URL(request.url).pathname} got no answer: ${error}`);
    }
  };
}

/** Throws on any other status, which is a finding. */
export function expected(answer: Answer, statuses: readonly number[], what: string): void {
  if (!statuses.includes(answer.status)) {
    throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
  }
}

/**
 * Waits until all steps have ended before one that was cut off ends the simulation, so that each leaves its evidence.
 */
export async function together(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const ends = await Promise.allSettled(steps.map((step) => step()));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure) throw failure.reason;
}

/** Repeats until the server is gone. Any other end is a finding. */
export async function untilCutOff(line: Line, live: () => Promise<void>): Promise<void> {
  try {
    while (!line.isDying()) await live();
  } catch (error) {
    if (error instanceof CutOff) return;
    line.book.surprises.push(error instanceof Error ? error.message : String(error));
  }
}
