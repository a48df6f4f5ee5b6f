import { and, eq } from "drizzle-orm";
import type { Database, Statement } from "./database";
import { lastSequence, lastVersion } from "./position";
import { attentionTold } from "./schema";

export type Told = typeof attentionTold.$inferSelect;

/** Far more than ever waits at once and is told. */
const toldMax = 2_000;

/** What the operator's endpoints were told to wait, and where the journal of this telling stands. One round trip. */
export async function loadTold(db: Database, aggregateId: string) {
  const [told, [last], [sequence]] = await db.batch([
    db.select().from(attentionTold).limit(toldMax),
    lastVersion(db, aggregateId),
    lastSequence(db, aggregateId),
  ]);
  return { told, version: last?.version ?? 0, sequence: sequence?.sequence ?? 0 };
}

/** Whether anything was told of a kind about one thing, as a statement for a batch. */
export function selectTold(
  db: Database,
  { kind, aggregateId, aboutId }: Pick<Told, "kind" | "aggregateId" | "aboutId">,
) {
  return db.select().from(attentionTold).where(isTold({ kind, aggregateId, aboutId }));
}

/** Notes that it was told of something that it waits. */
export function saveTold(db: Database, row: Told): Statement {
  return db.insert(attentionTold).values(row);
}

/** Forgets that it waits. */
export function deleteTold(db: Database, row: Pick<Told, "kind" | "aggregateId" | "aboutId">): Statement {
  return db.delete(attentionTold).where(isTold(row));
}

function isTold({ kind, aggregateId, aboutId }: Pick<Told, "kind" | "aggregateId" | "aboutId">) {
  return and(
    eq(attentionTold.kind, kind),
    eq(attentionTold.aggregateId, aggregateId),
    eq(attentionTold.aboutId, aboutId),
  );
}
