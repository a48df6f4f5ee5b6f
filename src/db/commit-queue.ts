import type { PlainStatement } from "./database";
import { violatedConstraint } from "./violated-constraint";

/** The most that a group holds, so that it blocks the database's readers for a short time only. */
const membersMax = 32;
const statementsMax = 600;
const bytesMax = 400_000;

/** The most batches that may wait. Beyond it a batch is refused at once, in D1's words: so long a queue is an outage. */
const waitingMax = 1_000;
const overloaded = "D1_ERROR: The commit queue is overloaded. Too many requests queued.";

/** The result of a batch in a group. A failure travels as its words, because an error loses its class over RPC. */
export type GroupAnswer =
  | {
      results: D1Result[];
      /** Whether nobody else committed at the same time. */
      alone: boolean;
    }
  | { failure: string };

interface Member {
  statements: readonly D1PreparedStatement[];
  bytes: number;
  /** Called with the member's answer, or with none when it is its turn to send the next group. */
  call: (answer?: GroupAnswer) => void;
}

/**
 * Sends batches in groups. While one group is on its way, the batches that come wait; then all that fit go as one. So
 * groups are as large as the database is slow, and nobody waits on purpose. The first member of each group sends it, in
 * its own invocation, and afterwards calls the next one: D1 counts queries against the invocation that makes them.
 */
export class CommitQueue {
  readonly #waiting: Member[] = [];
  readonly #binding: D1Database;
  #isSending = false;

  constructor(binding: D1Database) {
    this.#binding = binding;
  }

  /** Commits a batch, alone or with others. Its answer is the one that it would have had alone. */
  async commit(batch: readonly PlainStatement[]): Promise<GroupAnswer> {
    if (this.#waiting.length >= waitingMax) return { failure: overloaded };
    let turn = Promise.withResolvers<GroupAnswer | undefined>();
    this.#waiting.push({
      // A value that cannot be bound throws here, and concerns no other member.
      statements: batch.map(({ sql, params }) => this.#binding.prepare(sql).bind(...params)),
      bytes: batch.reduce((sum, statement) => sum + sizeOf(statement), 0),
      call: (answer) => turn.resolve(answer),
    });
    if (this.#isSending) {
      const answer = await turn.promise;
      if (answer) return answer;
      turn = Promise.withResolvers();
    }
    this.#isSending = true;
    try {
      await this.#settle(this.#nextGroup());
    } finally {
      this.#handOver();
    }
    return (await turn.promise) as GroupAnswer;
  }

  /** Takes from the queue what fits into a group: one batch at least, however large it is. */
  #nextGroup(): Member[] {
    let [statements, bytes] = [0, 0];
    const beyond = this.#waiting.findIndex((member, position) => {
      statements += member.statements.length;
      bytes += member.bytes;
      return position > 0 && (position === membersMax || statements > statementsMax || bytes > bytesMax);
    });
    return this.#waiting.splice(0, beyond === -1 ? this.#waiting.length : beyond);
  }

  /**
   * Sends a group and answers its members. If SQLite refused one of its statements, nothing of the group was written, and
   * its halves are sent, until who is to blame is alone. Of any other failure nobody knows whether the group was
   * written. So it is not sent again here: each member is told, and asks the journal.
   */
  async #settle(group: readonly Member[]): Promise<void> {
    try {
      const results = await this.#binding.batch(group.flatMap(({ statements }) => statements));
      const alone = group.length === 1 && this.#waiting.length === 0;
      let start = 0;
      for (const { statements, call } of group) {
        const end = start + statements.length;
        call({ results: results.slice(start, end).map(slim), alone });
        start = end;
      }
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      const half = Math.ceil(group.length / 2);
      if (group.length > 1 && isRefused(error)) {
        await this.#settle(group.slice(0, half));
        await this.#settle(group.slice(half));
      } else for (const { call } of group) call({ failure });
    }
  }

  #handOver(): void {
    const [next] = this.#waiting;
    if (next) next.call();
    else this.#isSending = false;
  }
}

function sizeOf({ sql, params }: PlainStatement): number {
  return params.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 8), sql.length);
}

/** Tells whether SQLite refused a statement, after which it takes the whole batch back. */
function isRefused(error: unknown): boolean {
  return violatedConstraint(error) !== undefined || /: SQLITE_(CONSTRAINT|ERROR|MISMATCH|TOOBIG)/.test(String(error));
}

/** Returns what a caller needs of a result. */
function slim({ results, meta: { rows_read, rows_written } }: D1Result): D1Result {
  return { success: true, results, meta: { rows_read, rows_written } } as unknown as D1Result;
}
