import { type Cost, costOf } from "../cost.ts";
import type { Answer, Journey } from "../journey.ts";

/** The part of a log line of the Worker that is about costs. */
export interface LogLine {
  event: string;
  cost?: Cost;
  /** The number of deliveries that were made together. */
  count?: number;
}

/** `operation` is the operationId, followed by what is special about this case after a comma. */
export interface Costed {
  operation: string;
  cost: Cost;
}

/** The caller's credentials. */
export interface Caller {
  token?: string;
  headers?: Record<string, string>;
}

/**
 * Sends requests and records the cost of each, with a key on every route that uses one, so that nothing looks cheaper
 * than it is. `logged` returns what the Worker has logged so far, with the work behind the requests.
 */
export class Meter {
  readonly costs: Costed[] = [];
  readonly journey: Journey;
  private readonly logged: () => LogLine[];
  private keys = 0;

  constructor(journey: Journey, logged: () => LogLine[]) {
    this.journey = journey;
    this.logged = logged;
  }

  /** Records the cost of an answer. */
  note(operation: string, answer: Answer): Answer {
    this.costs.push({ operation, cost: costOf(answer) });
    return answer;
  }

  /** Sends one request that must be answered with this status. Returns the body. */
  async ask(operation: string, status: number, method: string, path: string, by: Caller = {}, body?: unknown) {
    this.keys += 1;
    const isKnown = by.token !== undefined || by.headers !== undefined;
    const key = method === "POST" && isKnown ? { "Idempotency-Key": `key-${this.keys}` } : {};
    const answer = await this.journey.must(status, method, path, {
      ...(by.token === undefined ? {} : { token: by.token }),
      ...(body === undefined ? {} : { body }),
      headers: { ...by.headers, ...key },
    });
    return this.note(operation, answer).body;
  }

  /** Records the next command job, after its cause. */
  worked(operation: string, cause: () => Promise<unknown>): Promise<void> {
    return this.behind("work", operation, cause);
  }

  /** Records the next delivery attempt. */
  delivered(operation: string, cause: () => Promise<unknown>): Promise<void> {
    return this.behind("delivery", operation, cause);
  }

  private async behind(event: string, operation: string, cause: () => Promise<unknown>): Promise<void> {
    const before = this.costsOf(event).length;
    await cause();
    this.costs.push({ operation, cost: await until(() => this.costsOf(event)[before]) });
  }

  /** Records a sweep that finds nothing to do. */
  async idle(operation: string): Promise<void> {
    await this.journey.control("POST", "tick");
    this.costs.push({ operation, cost: await until(() => this.costsOf("sweep").at(-1)) });
  }

  private costsOf(event: string): Cost[] {
    return this.logged().flatMap((line) => (line.event === event && line.cost ? [line.cost] : []));
  }
}

/** The operator's credentials. */
export const operator: Caller = { token: "admin_sandbox" };

export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("nothing came of it within ten seconds");
}
