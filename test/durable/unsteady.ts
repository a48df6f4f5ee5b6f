import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { CommitQueue } from "../../src/db/commit-queue";
import { isInterruption } from "../../src/domain/interruption";
import worker, { Sequencer } from "../../src/sandbox";
import { emulatorOf } from "../../src/sandbox/emulator-of";
import { type Answer, Journey } from "../journey";
import { newSequencer } from "./sequencer-of";

/**
 * Cloudflare's errors while something restarts, is out of reach or overloaded, with the properties of an object's
 * failed call.
 */
export const troubles = {
  "the network is lost": ["D1_ERROR: Network connection lost.", { retryable: true }],
  "the code is updated": ["D1_ERROR: D1 DB reset because its code was updated.", { retryable: true }],
  "too much is asked": ["D1_ERROR: D1 DB is overloaded. Too many requests queued.", { overloaded: true }],
} as const;

export interface Trouble {
  kind: keyof typeof troubles;
  /** Whether it fails before the work is done or after it; after it only the answer is lost. */
  when: "before" | "after";
  /** The number of failures in a row. */
  times: number;
}

/**
 * Simulates failures of the platform: some of a request's database round trips, in the Worker and in its object, and
 * some of the calls to objects fail.
 */
export class Unsteady {
  /** The number of round trips and calls since the request began. */
  private count = 0;
  private from = Number.POSITIVE_INFINITY;
  readonly trouble: Trouble;
  /** The number of failures, and the statuses of the answers. */
  failed = 0;
  readonly statuses = new Map<number, number>();

  constructor(trouble: Trouble) {
    this.trouble = trouble;
  }

  /** Sends requests through it. */
  readonly journey = new Journey(async (request) =>
    worker.fetch(request as never, this.bindings() as never, createExecutionContext()),
  );

  /**
   * Repeats a request, each time with the failure one step later, until nothing fails any more. `wait` waits for the
   * lease of an abandoned key.
   */
  async ask(request: () => Promise<Answer>, wait: () => Promise<unknown>): Promise<Answer> {
    for (let from = 1; from < 80; from += 1) {
      const before = this.failed;
      [this.count, this.from] = [0, from];
      const answer = await request();
      this.from = Number.POSITIVE_INFINITY;
      this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
      if (answer.status === 409) await wait();
      else if (answer.status !== 503) {
        if (this.failed === before || answer.status >= 500) return answer;
      }
    }
    throw new Error("it never ended");
  }

  /**
   * Runs the sweep with the failure one step later each time, an hour apart, until nothing fails any more. A run may
   * end with the platform's error; any other error is thrown.
   */
  async sweep(): Promise<void> {
    for (let from = 1; from < 200; from += 1) {
      const before = this.failed;
      [this.count, this.from] = [0, from];
      await emulatorOf(env).advance(3_600);
      try {
        await worker.scheduled({} as never, this.bindings() as never, createExecutionContext());
      } catch (error) {
        if (!isInterruption(error)) throw error;
      }
      if (this.failed === before) return;
    }
    throw new Error("it never ended");
  }

  private async meet<T>(work: () => Promise<T>, isObject = false): Promise<T> {
    this.count += 1;
    const { kind, when, times } = this.trouble;
    if (this.count < this.from || this.count >= this.from + times) return work();
    this.failed += 1;
    const [words, told] = troubles[kind];
    if (when === "after") await work();
    throw Object.assign(new Error(words), isObject ? told : {});
  }

  private database(): object {
    return {
      prepare: (query: string) => env.DB.prepare(query),
      batch: (statements: D1PreparedStatement[]) => this.meet(() => env.DB.batch(statements)),
    };
  }

  /** The object that commits groups, of whose calls some fail as well as some of its round trips. */
  private committers(): object {
    const queue = new CommitQueue(this.database() as D1Database);
    const commit = (...asked: Parameters<CommitQueue["commit"]>) => this.meet(() => queue.commit(...asked), true);
    return { idFromName: () => "", get: () => ({ commit }) };
  }

  private bindings(): object {
    const { SEQUENCER, LIMITER } = env;
    const perform = (...asked: Parameters<Sequencer["perform"]>) =>
      runInDurableObject(newSequencer(), (_, state) =>
        new Sequencer(state, { ...env, DB: this.database(), COMMITTER: this.committers() }).perform(...asked),
      );
    return {
      ...env,
      DB: this.database(),
      SEQUENCER: {
        idFromName: (name: string) => SEQUENCER.idFromName(name),
        get: () => ({ perform: (...asked: Parameters<typeof perform>) => this.meet(() => perform(...asked), true) }),
      },
      COMMITTER: this.committers(),
      LIMITER: {
        idFromName: (name: string) => LIMITER.idFromName(name),
        get: (id: DurableObjectId) => ({
          take: (...asked: [never, never]) => this.meet(async () => LIMITER.get(id).take(...asked), true),
        }),
      },
    };
  }
}
