import { and, asc, desc, eq, gte, inArray, max, type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../database";
import type { Page } from "../page";
import { lastSequence, lastVersion } from "../position";
import { settlementDays, transfers, transferWebhooks } from "./tables";
import type { Transfer, TransferWebhook } from "./transfer";
import { selectTransferWebhooks } from "./webhook-records";

/** A transfer with its records, as every answer shows it. */
export type TransferView = Transfer & { webhooks: TransferWebhook[] };

/** A transfer as of one moment. */
export interface TransferAggregate {
  aggregateId: string;
  /** The owner: the sending application's id. */
  tenant: string;
  /** Both parties. */
  audience: readonly string[];
  version: number;
  sequence: number;
  transfer: TransferView;
  /** The last closed day among those asked about: no acceptance may fall into it. */
  closedDay: string | null;
}

/**
 * Loads a transfer in one round trip, and whether `day` or a later day is closed. Returns undefined if it does not
 * exist.
 */
export async function loadTransfer(
  db: Database,
  reference: string,
  day: string,
): Promise<TransferAggregate | undefined> {
  const id = db.select({ id: transfers.id }).from(transfers).where(eq(transfers.reference, reference));
  const [[transfer], webhooks, [last], [published], [closed]] = await db.batch([
    selectTransfer(db, reference),
    selectTransferWebhooks(db, reference),
    lastVersion(db, id),
    lastSequence(db, id),
    db
      .select({ day: max(settlementDays.day) })
      .from(settlementDays)
      .where(gte(settlementDays.day, day)),
  ]);
  if (!transfer) return undefined;
  return {
    aggregateId: transfer.id,
    tenant: transfer.senderAppId,
    audience: [transfer.senderAppId, transfer.receiverAppId],
    version: last?.version ?? 0,
    sequence: published?.sequence ?? 0,
    transfer: { ...transfer, webhooks },
    closedDay: closed?.day ?? null,
  };
}

export function selectTransfer(db: Database, reference: string) {
  return db.select().from(transfers).where(eq(transfers.reference, reference));
}

/** Statement: the reference of the application's transfer with this external id. */
export function selectTransferByExternalId(db: Database, applicationId: string, externalId: string) {
  return db
    .select({ reference: transfers.reference })
    .from(transfers)
    .where(and(eq(transfers.senderAppId, applicationId), eq(transfers.externalId, externalId)));
}

/** Reads a transfer with its records, in one round trip. Returns undefined if it does not exist. */
export async function findTransfer(db: Database, reference: string): Promise<TransferView | undefined> {
  const [[transfer], webhooks] = await db.batch([selectTransfer(db, reference), selectTransferWebhooks(db, reference)]);
  return transfer && { ...transfer, webhooks };
}

export function insertTransfer(db: Database, row: Transfer): Statement {
  return db.insert(transfers).values(row);
}

export function updateTransfer(
  db: Database,
  reference: string,
  changes: Partial<
    Pick<Transfer, "state" | "acceptedAt" | "rejectedAt" | "rejectionReason" | "cancelledAt" | "updatedAt">
  >,
): Statement {
  return db.update(transfers).set(changes).where(eq(transfers.reference, reference));
}

/** The lists of an application: the transfers that it sent, that it received, and that wait for its answer. */
export type TransferList = "sent" | "received" | "pending";

/**
 * Reads a page of a list by the time of the initiation, with the total, in one round trip. `externalId` chooses one of
 * those that the application sent. The index alone decides what
 * is on the page: other transfers are not read, however far down the list it is.
 */
export async function pageOfTransfers(
  db: Database,
  list: TransferList,
  applicationId: string,
  { limit, offset, order, externalId }: Page & { externalId?: string | undefined },
): Promise<{ rows: TransferView[]; total: number }> {
  const where = belongsTo(list, applicationId, externalId);
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
  const published = Map.groupBy(webhooks, ({ reference }) => reference);
  return {
    rows: rows.map((row) => ({ ...row, webhooks: published.get(row.reference) ?? [] })),
    total: counted?.total ?? 0,
  };
}

function belongsTo(list: TransferList, applicationId: string, externalId?: string): SQL | undefined {
  const isNamed = externalId === undefined ? undefined : eq(transfers.externalId, externalId);
  if (list === "sent") return and(eq(transfers.senderAppId, applicationId), isNamed);
  if (list === "received") return eq(transfers.receiverAppId, applicationId);
  // As text, so that the partial index serves it.
  return and(eq(transfers.receiverAppId, applicationId), sql`${transfers.state} = 'AWAITING_ACCEPTANCE'`);
}
