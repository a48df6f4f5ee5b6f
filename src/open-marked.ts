import type { Cost } from "./cost";
import { type Database, openDatabase, type Send, sendTo } from "./db/database";
import { type GroupCommit, inGroups } from "./db/group-commit";
import { markOf, markQuery, type RestoreMark, selectMark } from "./db/restore-mark";
import type { Environment } from "./env";
import { near } from "./near";
import type { Deps } from "./operations/deps";

/** The mark of a restore of the database, once it was looked for. */
export interface FoundMark {
  mark: RestoreMark | undefined;
}

/**
 * Opens the database and finds out whether it was restored. If something may be changed, the first batch reads that
 * along; it is read by itself only if there was no batch.
 */
export function openMarked(
  env: Environment,
  cost: Cost,
  changes: boolean,
  found?: FoundMark,
): { db: Database; restored: Deps["restored"] } {
  let read = found;
  const take = (rows: Record<string, unknown>[]) => {
    read = { mark: markOf(rows) };
  };
  const db = openDatabase(env.DB, cost, changes ? { query: markQuery, take } : undefined, sender(env, cost));
  return {
    db,
    async restored() {
      if (!read) take((await db.batch([selectMark(db)]))[0]);
      return read?.mark;
    },
  };
}

/** Returns how batches are sent: each by itself, or changes in groups, through the one object of the database. */
function sender(env: Environment, cost: Cost): Send {
  const { COMMITTER, GROUP_COMMIT: of, GROUP_COMMIT_CALM_MS: calmMs } = env;
  const direct = sendTo(env.DB);
  if (of === "off") return direct;
  const join: GroupCommit["join"] = async (batch) => {
    cost.hops += 1;
    return COMMITTER.get(COMMITTER.idFromName("DB"), near(env)).commit(batch);
  };
  return inGroups({ of, calmMs, direct, join });
}
