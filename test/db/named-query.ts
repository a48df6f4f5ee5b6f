import type { Database, Statement } from "../../src/db/database";

/** A use of a named query, with the reasons of its cost. A read is made; a write is only planned. */
export interface NamedQuery {
  name: string;
  ask: (db: Database) => Statement | readonly Statement[] | Promise<unknown>;
  /** The reason for which it reads more if there is more. */
  grows?: string;
  /** The tables or indexes that it scans from one end, with the reason. */
  walks?: Record<string, string>;
}
