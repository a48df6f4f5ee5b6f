import type { Database, Statement } from "./database";

/** The results of a list of statements, in their order. */
export type Rows<L extends readonly Statement[]> = { [K in keyof L]: L[K]["_"]["result"] };

/** Runs a route's first reads without authentication. An empty list costs nothing. */
export async function readAll<L extends readonly Statement[]>(db: Database, reads: L): Promise<Rows<L>> {
  const [first, ...rest] = reads;
  return (first ? await db.batch([first, ...rest]) : []) as Rows<L>;
}
