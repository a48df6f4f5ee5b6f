import { and, eq } from "drizzle-orm";
import type { Database, Statement } from "../database";
import { lastPosition } from "../position";
import { attentionTold } from "../schema";

export type PublishedAttention = typeof attentionTold.$inferSelect;

/** Upper bound of the published items that still wait; far more than ever wait at once. */
const toldMax = 2_000;

/**
 * Loads the items that were published to the operator's endpoints as waiting, with the position of their journal. One
 * round trip.
 */
export async function loadPublished(db: Database, aggregateId: string) {
  const [told, [last]] = await db.batch([
    db.select().from(attentionTold).limit(toldMax),
    lastPosition(db, aggregateId),
  ]);
  return { told, version: last?.version ?? 0, sequence: last?.sequence ?? 0 };
}

/** Statement for a batch: the published item of a kind about one object, if there is one. */
export function selectPublished(
  db: Database,
  { kind, aggregateId, aboutId }: Pick<PublishedAttention, "kind" | "aggregateId" | "aboutId">,
) {
  return db.select().from(attentionTold).where(isPublished({ kind, aggregateId, aboutId }));
}

/** Makes the row that records that an item was published as waiting. */
export function savePublished(db: Database, row: PublishedAttention): Statement {
  return db.insert(attentionTold).values(row);
}

/** Deletes the record of an item that does not wait any more. */
export function deletePublished(
  db: Database,
  row: Pick<PublishedAttention, "kind" | "aggregateId" | "aboutId">,
): Statement {
  return db.delete(attentionTold).where(isPublished(row));
}

function isPublished({ kind, aggregateId, aboutId }: Pick<PublishedAttention, "kind" | "aggregateId" | "aboutId">) {
  return and(
    eq(attentionTold.kind, kind),
    eq(attentionTold.aggregateId, aggregateId),
    eq(attentionTold.aboutId, aboutId),
  );
}
