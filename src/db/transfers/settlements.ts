import { type AnyColumn, and, asc, desc, eq, getTableColumns, gt, gte, lt, type SQL, sql } from "drizzle-orm";
import { type CursorPage, type Part, readAt } from "../cursor-page";
import type { Database } from "../database";
import { integerText, type WithTotals, withTotals } from "../grown-total";
import { cutLooked, lookThrough } from "../look-through";
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

/** The filters of a list of batches: of days from the first, and before the last. */
export interface SettlementFilter {
  status?: SettlementRow["status"] | undefined;
  currency?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Reads a page of batches in the same way by a cursor, which is a batch's id. */
export async function settlementsAt(
  db: Database,
  { status, currency, from, to }: SettlementFilter,
  page: CursorPage,
  applicationId?: string,
): Promise<Part<SettlementBatch> | undefined> {
  const { day } = settlementBatches;
  const isNamed = (id: string) => eq(settlementBatches.id, id);
  const place = db
    .select({ day, currency: settlementBatches.currency })
    .from(settlementBatches)
    .where(isNamed(page.cursor?.id ?? ""));
  const looking = {
    key: [day, settlementBatches.currency],
    place: sql`${place}`,
    owned: and(from === undefined ? undefined : gte(day, from), to === undefined ? undefined : lt(day, to)),
    matches: and(
      status === undefined ? undefined : eq(settlementBatches.status, status),
      currency === undefined ? undefined : eq(settlementBatches.currency, currency),
    ),
  };
  const rows = lookThrough<typeof settlementBatches, SettlementRow>(db, settlementBatches, page, looking, asRow);
  const isOfPage = sql`(${settlementEntries.day}, ${settlementEntries.currency}) in (select "day", "currency" from ${rows})`;
  const read = await readAt(
    db,
    page,
    (id) => db.select({ id: settlementBatches.id }).from(settlementBatches).where(isNamed(id)),
    [
      rows,
      db
        .select(asPosition)
        .from(settlementEntries)
        .where(
          and(isOfPage, applicationId === undefined ? undefined : eq(settlementEntries.applicationId, applicationId)),
        )
        .orderBy(asc(settlementEntries.applicationId)),
    ],
  );
  if (!read) return undefined;
  const part = cutLooked<SettlementRow>(page, read[0], ({ id }) => id);
  return { ...part, rows: withEntries(part.rows, read[1]) };
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
