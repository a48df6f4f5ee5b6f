import { type AnyColumn, and, asc, desc, eq, getTableColumns, gt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../database";
import { integerText, type WithTotals, withTotals } from "../grown-total";
import type { Page } from "../page";
import { settlementBatches, settlementEntries } from "../schema";

type Balances = "netAmount" | "openingBalance" | "closingBalance";

/** Totals and balances are texts of integers: a day's may be more than a number holds. */
export type SettlementRow = WithTotals<typeof settlementBatches.$inferSelect>;
export type SettlementEntry = Omit<WithTotals<typeof settlementEntries.$inferSelect>, Balances> &
  Record<Balances, string>;

/** A day's net positions in one currency: the totals, and every application's own. */
export type SettlementBatch = SettlementRow & { entries: SettlementEntry[] };

/** The key of a batch. */
export type SettlementKey = { id: string } | { day: string; currency: string };

const asRow = withTotals(getTableColumns(settlementBatches));

const asPosition = {
  ...withTotals(getTableColumns(settlementEntries)),
  netAmount: integerText(settlementEntries.netAmount).as("net_amount"),
  openingBalance: integerText(settlementEntries.openingBalance).as("opening_balance"),
  closingBalance: integerText(settlementEntries.closingBalance).as("closing_balance"),
};

export function selectSettlement(db: Database, key: SettlementKey) {
  return db.select(asRow).from(settlementBatches).where(isBatch(key));
}

/** Statement: every batch of later days in a currency, in their order. */
export function selectLaterSettlements(db: Database, { day, currency }: Pick<SettlementRow, "day" | "currency">) {
  const isLater = and(gt(settlementBatches.day, day), eq(settlementBatches.currency, currency));
  return db.select(asRow).from(settlementBatches).where(isLater).orderBy(asc(settlementBatches.day));
}

/** Statement: the positions of a batch, of one application if it is given. */
export function selectSettlementEntries(db: Database, key: SettlementKey, applicationId?: string) {
  return db
    .select({ entry: asPosition })
    .from(settlementBatches)
    .innerJoin(settlementEntries, isOf(settlementBatches, applicationId))
    .where(isBatch(key))
    .orderBy(asc(settlementEntries.applicationId));
}

/** Reads every batch of a day with its positions, in one round trip. */
export async function settlementsOfDay(db: Database, day: string): Promise<SettlementBatch[]> {
  const [batches, entries] = await db.batch([
    db
      .select(asRow)
      .from(settlementBatches)
      .where(eq(settlementBatches.day, day))
      .orderBy(asc(settlementBatches.currency)),
    db
      .select(asPosition)
      .from(settlementEntries)
      .where(eq(settlementEntries.day, day))
      .orderBy(asc(settlementEntries.currency), asc(settlementEntries.applicationId)),
  ]);
  return withEntries(batches, entries);
}

/**
 * Reads a page of batches by their days, with the total, in one round trip, with one application's positions if it is
 * given.
 */
export async function pageOfSettlements(
  db: Database,
  { limit, offset, order }: Page,
  applicationId?: string,
): Promise<{ rows: SettlementBatch[]; total: number }> {
  const direction = order === "asc" ? asc : desc;
  const onPage = db
    .select(asRow)
    .from(settlementBatches)
    .orderBy(direction(settlementBatches.day), direction(settlementBatches.currency))
    .limit(limit)
    .offset(offset);
  const paged = onPage.as("paged");
  const [batches, positions, [counted]] = await db.batch([
    onPage,
    db
      .select({ entry: asPosition })
      .from(paged)
      .crossJoin(settlementEntries) // in this order: the positions of each batch by their key, never all
      .where(isOf(paged, applicationId))
      .orderBy(asc(settlementEntries.applicationId)),
    db.select({ total: sql<number>`count(*)` }).from(settlementBatches),
  ]);
  const entries = positions.map(({ entry }) => entry);
  return { rows: withEntries(batches, entries), total: counted?.total ?? 0 };
}

/** Joins rows of batches with their positions. */
function withEntries(batches: readonly SettlementRow[], entries: readonly SettlementEntry[]): SettlementBatch[] {
  return batches.map((batch) => ({
    ...batch,
    entries: entries.filter(({ day, currency }) => day === batch.day && currency === batch.currency),
  }));
}

function isBatch(key: SettlementKey): SQL | undefined {
  return "id" in key
    ? eq(settlementBatches.id, key.id)
    : and(eq(settlementBatches.day, key.day), eq(settlementBatches.currency, key.currency));
}

function isOf(batch: Record<"day" | "currency", AnyColumn>, applicationId: string | undefined): SQL | undefined {
  return and(
    eq(settlementEntries.day, batch.day),
    eq(settlementEntries.currency, batch.currency),
    applicationId === undefined ? undefined : eq(settlementEntries.applicationId, applicationId),
  );
}
