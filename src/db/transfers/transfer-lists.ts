import { and, asc, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { isId } from "../../domain/id";
import type { TagAddress } from "../../domain/transfers/tag";
import { type CreatedRange, type CursorPage, isCreatedIn, type Part, readAt } from "../cursor-page";
import type { Database } from "../database";
import { cutLooked, lookThrough } from "../look-through";
import type { Page } from "../page";
import { selectTagIdsAt } from "./applications";
import { isMadeWith } from "./made-with";
import { transfers, transferWebhooks } from "./tables";
import type { Transfer, TransferWebhook } from "./transfer";
import type { TransferView } from "./transfers";

/** The lists of an application: the transfers that it sent, that it received, and that wait for its answer. */
export type TransferList = "sent" | "received" | "pending";

/**
 * Reads a page of a list by the time of the initiation, with the total, in one round trip. The index alone decides what
 * is on the page: other transfers are not read, however far down the list it is.
 */
export async function pageOfTransfers(
  db: Database,
  list: TransferList,
  applicationId: string,
  { limit, offset, order }: Page,
): Promise<{ rows: TransferView[]; total: number }> {
  const where = belongsTo(list, applicationId);
  const direction = order === "asc" ? asc : desc;
  const runSerialized = [direction(transfers.createdAt), direction(transfers.reference)];
  const onPage = db
    .select({ reference: transfers.reference })
    .from(transfers)
    .where(where)
    .orderBy(...runSerialized)
    .limit(limit)
    .offset(offset);
  const [rows, webhooks, [counted]] = await db.batch([
    db
      .select()
      .from(transfers)
      .where(inArray(transfers.reference, onPage))
      .orderBy(...runSerialized),
    db
      .select()
      .from(transferWebhooks)
      .where(inArray(transferWebhooks.reference, onPage))
      .orderBy(asc(transferWebhooks.direction)),
    db.select({ total: sql<number>`count(*)` }).from(transfers).where(where),
  ]);
  return { rows: withWebhooks(rows, webhooks), total: counted?.total ?? 0 };
}

/** The filters of a list of an application's transfers. */
export interface TransferFilter extends CreatedRange {
  state?: Transfer["state"] | undefined;
  currency?: string | undefined;
  reference?: string | undefined;
  externalId?: string | undefined;
  /** The other party's tag, by any address. */
  counterparty?: TagAddress | undefined;
}

/**
 * Reads a page of a list by a cursor, which is a reference or an id, in one round trip. An index gives the transfers of
 * a time; among them is looked for the others that the filter means, as `lookThrough` says, and once more for their
 * records.
 */
export async function transfersAt(
  db: Database,
  list: TransferList,
  applicationId: string,
  filter: TransferFilter,
  page: CursorPage,
): Promise<Part<TransferView> | undefined> {
  const { state, currency, reference, externalId, counterparty } = filter;
  const { tag, application } = sideOf(list);
  const isNamed = (id: string) => and(eq(application, applicationId), isCalled(id));
  const place = db
    .select({ createdAt: transfers.createdAt, reference: transfers.reference })
    .from(transfers)
    .where(isNamed(page.cursor?.id ?? ""));
  const rows = lookThrough(db, transfers, page, {
    key: [transfers.createdAt, transfers.reference],
    place: sql`${place}`,
    owned: and(
      belongsTo(list, applicationId),
      isCreatedIn(transfers.createdAt, filter),
      reference === undefined ? undefined : eq(transfers.reference, reference),
      externalId === undefined ? undefined : eq(transfers.externalId, externalId),
    ),
    matches: and(
      state === undefined ? undefined : eq(transfers.state, state),
      currency === undefined ? undefined : eq(transfers.currency, currency),
      counterparty === undefined ? undefined : inArray(tag, selectTagIdsAt(db, counterparty)),
    ),
  });
  const named = (id: string) => db.select({ id: transfers.id }).from(transfers).where(isNamed(id));
  const read = await readAt(db, page, named, [
    rows,
    db
      .select()
      .from(transferWebhooks)
      .where(sql`${transferWebhooks.reference} in (select "reference" from ${rows})`)
      .orderBy(asc(transferWebhooks.direction)),
  ]);
  if (!read) return undefined;
  const part = cutLooked<Transfer>(page, read[0], (row) => row.reference);
  return { ...part, rows: withWebhooks(part.rows, read[1]) };
}

/** The condition of the transfer with a reference; or with an id, which is looked for among those of its time. */
function isCalled(name: string): SQL | undefined {
  return isId(name) ? and(isMadeWith(name), eq(transfers.id, name)) : eq(transfers.reference, name);
}

function sideOf(list: TransferList) {
  return list === "sent"
    ? { application: transfers.senderAppId, tag: transfers.receiverTagId }
    : { application: transfers.receiverAppId, tag: transfers.senderTagId };
}

function belongsTo(list: TransferList, applicationId: string): SQL | undefined {
  const isOwn = eq(sideOf(list).application, applicationId);
  // As text, so that the partial index serves it.
  return list === "pending" ? and(isOwn, sql`${transfers.state} = 'AWAITING_ACCEPTANCE'`) : isOwn;
}

function withWebhooks(rows: readonly Transfer[], webhooks: readonly TransferWebhook[]): TransferView[] {
  const published = Map.groupBy(webhooks, ({ reference }) => reference);
  return rows.map((row) => ({ ...row, webhooks: published.get(row.reference) ?? [] }));
}
