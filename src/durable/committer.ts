import { DurableObject } from "cloudflare:workers";
import { CommitQueue } from "../db/commit-queue";
import type { CommitterRpc } from "./rpc";

/**
 * Commits changes of one database in groups. It keeps them in memory only: a change that is lost with the object was
 * not acknowledged, and who waits for it asks the journal.
 */
export class Committer extends DurableObject<{ DB: D1Database }> implements CommitterRpc {
  readonly #queue = new CommitQueue(this.env.DB);

  /** Commits a batch, alone or with others. */
  commit(batch: Parameters<CommitQueue["commit"]>[0]): ReturnType<CommitQueue["commit"]> {
    return this.#queue.commit(batch);
  }
}
