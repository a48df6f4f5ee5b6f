import { asc, eq } from "drizzle-orm";
import type { Database } from "./database";
import { journal } from "./schema";
import { selectTransferWebhooks } from "./transfer-webhooks";
import type { Transfer } from "./transfers";

/** What is written about one transfer: its changes, and who was told. One round trip. */
export async function timelineOfTransfer(db: Database, { id, reference }: Transfer) {
  const [changes, records] = await db.batch([
    db.select().from(journal).where(eq(journal.aggregateId, id)).orderBy(asc(journal.version)),
    selectTransferWebhooks(db, reference),
  ]);
  return { changes, records };
}
