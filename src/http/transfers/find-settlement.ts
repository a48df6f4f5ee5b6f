import type { Database } from "../../db/database";
import type { Application } from "../../db/transfers/applications";
import {
  type SettlementBatch,
  type SettlementKey,
  selectSettlement,
  selectSettlementEntries,
} from "../../db/transfers/settlements";

/** Finds a batch as an application may see it: with only its own position, unless it is an administrator. */
export async function findSettlement(
  db: Database,
  key: SettlementKey,
  { id, admin }: Application,
): Promise<SettlementBatch | undefined> {
  const [[batch], entries] = await db.batch([
    selectSettlement(db, key),
    selectSettlementEntries(db, key, admin ? undefined : id),
  ]);
  return batch && { ...batch, entries: entries.map(({ entry }) => entry) };
}
