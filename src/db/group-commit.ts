import { isPassing } from "../domain/interruption";
import type { GroupAnswer } from "./commit-queue";
import type { PlainStatement, Send } from "./database";

/** A larger batch goes by itself: it would make the others of its group wait. */
const statementsMax = 100;

export interface GroupCommit {
  /** The contracts whose changes are committed in groups. */
  of: "transfers" | "all";
  /** A commit that took no longer tells that nobody else waits for the database. 0 sends every change into a group. */
  calmMs: number;
  /** Sends a batch by itself. */
  direct: Send;
  /** Hands a batch to the object that commits groups. */
  join: (batch: readonly PlainStatement[]) => Promise<GroupAnswer>;
}

/** Tells what this isolate sees of the database: its own commits, and whether the last one met others. */
const seen = { underWay: 0, crowded: false };

/**
 * Makes a way to send batches in which changes are committed in groups while the database is busy. Only changes are:
 * they begin with their line in the journal, so whatever becomes of an object or a connection, the journal tells whether
 * they were written, and lets them in once. All other batches go by themselves.
 */
export function inGroups({ of, calmMs, direct, join }: GroupCommit): Send {
  const straight: Send = async (batch) => {
    const startMs = Date.now();
    try {
      return await direct(batch);
    } finally {
      seen.crowded = Date.now() - startMs > calmMs;
    }
  };
  const joined: Send = async (batch) => {
    const answer = await join(batch).catch((error) => {
      if (!isPassing(error)) throw error;
    });
    // The object was replaced or out of reach. Should it have written the change after all, or do so later, then the
    // journal's key lets one of the two in, and commit() finds out which.
    if (!answer) return direct(batch);
    if ("failure" in answer) throw new Error(answer.failure);
    seen.crowded = !answer.alone;
    return answer.results;
  };
  return async (batch) => {
    if (!isChange(batch, of)) return direct(batch);
    seen.underWay += 1;
    try {
      const isCalm = calmMs > 0 && !seen.crowded && seen.underWay === 1;
      return await (isCalm ? straight : joined)(batch);
    } finally {
      seen.underWay -= 1;
    }
  };
}

function isChange(batch: readonly PlainStatement[], of: GroupCommit["of"]): boolean {
  return (
    batch.length <= statementsMax &&
    /^insert into "journal"/.test(batch[0]?.sql ?? "") &&
    (of === "all" || batch.some(({ sql }) => /^(insert into|update) "transfers"/.test(sql)))
  );
}
