import { type Cost, costOf } from "../cost.ts";
import type { Answer, Journey } from "../journey.ts";

/** A line of the Worker's log, as far as it is about costs. */
export interface LogLine {
  event: string;
  cost?: Cost;
}

/** `operation` is the operationId, with what is special about this case after a comma. */
export interface Costed {
  operation: string;
  cost: Cost;
}

/** Who asks, as a request says it. */
export interface Caller {
  token?: string;
  headers?: Record<string, string>;
}

/**
 * Takes requests and writes down what each has cost. Keys wherever a key is heeded, so that nothing looks cheaper than it
 * is. `logged` answers what the Worker has logged so far: work behind the requests is found there.
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

  /** Writes down what an answer says that it has cost. */
  note(operation: string, answer: Answer): Answer {
    this.costs.push({ operation, cost: costOf(answer) });
    return answer;
  }

  /** One request that must be answered with this status. Answers the body. */
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

  /** The next piece of work that the queue hands over, once whatever causes it is done. */
  worked(operation: string, cause: () => Promise<unknown>): Promise<void> {
    return this.behind("work", operation, cause);
  }

  /** The next attempt to tell somebody. */
  delivered(operation: string, cause: () => Promise<unknown>): Promise<void> {
    return this.behind("delivery", operation, cause);
  }

  private async behind(event: string, operation: string, cause: () => Promise<unknown>): Promise<void> {
    const before = this.costsOf(event).length;
    await cause();
    this.costs.push({ operation, cost: await until(() => this.costsOf(event)[before]) });
  }

  /** The sweep, when it finds nothing to do. */
  async idle(operation: string): Promise<void> {
    await this.journey.control("POST", "tick");
    this.costs.push({ operation, cost: await until(() => this.costsOf("sweep").at(-1)) });
  }

  private costsOf(event: string): Cost[] {
    return this.logged().flatMap((line) => (line.event === event && line.cost ? [line.cost] : []));
  }
}

/** The operator. */
export const operator: Caller = { token: "admin_sandbox" };

async function until<T>(look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("nothing came of it within ten seconds");
}
