import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { isId } from "../../domain/id";
import type { Direction } from "../../domain/transfers/side";
import { type CreatedRange, type CursorPage, isCreatedIn, type Part, readAt } from "../cursor-page";
import type { Database } from "../database";
import { cutLooked, lookThrough } from "../look-through";
import type { Page } from "../page";
import { transfers, transferWebhooks } from "../schema";
import { isPartyMadeWith } from "./made-with";
import type { TransferWebhook } from "./transfer";

// As text: with a bound parameter SQLite cannot see that the index's condition holds.
const hasFailed = sql`${transferWebhooks.state} = 'FAILED'`;

/** Reads a page of an application's failed records, with the total, in one round trip. */
export async function pageOfFailedTransferWebhooks(
  db: Database,
  applicationId: string,
  { limit, offset, order }: Page,
): Promise<{ rows: TransferWebhook[]; total: number }> {
  const direction = order === "asc" ? asc : desc;
  const isFailed = and(eq(transferWebhooks.applicationId, applicationId), hasFailed);
  const [rows, [counted]] = await db.batch([
    db
      .select()
      .from(transferWebhooks)
      .where(isFailed)
      .orderBy(direction(transferWebhooks.createdAt), direction(transferWebhooks.reference))
      .limit(limit)
      .offset(offset),
    db.select({ total: sql<number>`count(*)` }).from(transferWebhooks).where(isFailed),
  ]);
  return { rows, total: counted?.total ?? 0 };
}

/** The filters of a list of an application's failed records. */
export interface RecordFilter extends CreatedRange {
  reference?: string | undefined;
  direction?: Direction | undefined;
  eventType?: TransferWebhook["eventType"] | undefined;
}

/** Reads a page of them by a cursor, which is a record's id, in one round trip. */
export async function failedTransferWebhooksAt(
  db: Database,
  applicationId: string,
  filter: RecordFilter,
  page: CursorPage,
): Promise<Part<TransferWebhook> | undefined> {
  const { reference, direction, eventType } = filter;
  const { createdAt } = transferWebhooks;
  const isOwn = eq(transferWebhooks.applicationId, applicationId);
  const isNamed = (id: string) => and(isOwn, isCalled(db, applicationId, id));
  const place = db
    .select({
      createdAt,
      reference: transferWebhooks.reference,
      direction: transferWebhooks.direction,
      eventType: transferWebhooks.eventType,
    })
    .from(transferWebhooks)
    .where(isNamed(page.cursor?.id ?? ""));
  const rows = lookThrough(db, transferWebhooks, page, {
    key: [createdAt, transferWebhooks.reference, transferWebhooks.direction, transferWebhooks.eventType],
    place: sql`${place}`,
    owned: and(
      isOwn,
      hasFailed,
      isCreatedIn(createdAt, filter),
      reference === undefined ? undefined : eq(transferWebhooks.reference, reference),
    ),
    matches: and(
      direction === undefined ? undefined : eq(transferWebhooks.direction, direction),
      eventType === undefined ? undefined : eq(transferWebhooks.eventType, eventType),
    ),
  });
  const named = (id: string) => db.select({ id: transferWebhooks.id }).from(transferWebhooks).where(isNamed(id));
  const read = await readAt(db, page, named, [rows]);
  return read && cutLooked<TransferWebhook>(page, read[0], ({ id }) => id);
}

/** The condition of the record with an id, which is found through the transfers that were made at the id's time. */
function isCalled(db: Database, applicationId: string, id: string): SQL | undefined {
  if (!isId(id)) return sql`false`;
  const references = db
    .select({ reference: transfers.reference })
    .from(transfers)
    .where(isPartyMadeWith(applicationId, id));
  return and(sql`${transferWebhooks.reference} in ${references}`, eq(transferWebhooks.id, id));
}
