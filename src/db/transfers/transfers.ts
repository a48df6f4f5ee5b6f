import { and, eq, gte, max } from "drizzle-orm";
import { compiled } from "../compiled";
import type { Database, Statement } from "../database";
import { perShape } from "../per-shape";
import { lastPosition } from "../position";
import type { Rows } from "../read-all";
import { settlementDays, transfers } from "./tables";
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
  return transferOf(await db.batch(transferReads(db, reference, day)));
}

/** Statements: all rows of a transfer, and whether `day` or a later day is closed. */
export function transferReads(db: Database, reference: string, day: string) {
  return readTransfer(db, { reference, day });
}

const readTransfer = compiled((db, { reference, day }: { reference: string; day: string }) => {
  const id = db.select({ id: transfers.id }).from(transfers).where(eq(transfers.reference, reference));
  return [
    selectTransfer(db, reference),
    selectTransferWebhooks(db, reference),
    lastPosition(db, id),
    db
      .select({ day: max(settlementDays.day) })
      .from(settlementDays)
      .where(gte(settlementDays.day, day)),
  ] as const;
});

/** Makes the aggregate of its rows, which were read as of one moment. Returns undefined if it does not exist. */
export function transferOf([[transfer], webhooks, [last], [closed]]: Rows<ReturnType<typeof transferReads>>):
  | TransferAggregate
  | undefined {
  if (!transfer) return undefined;
  return {
    aggregateId: transfer.id,
    tenant: transfer.senderAppId,
    audience: [transfer.senderAppId, transfer.receiverAppId],
    version: last?.version ?? 0,
    sequence: last?.sequence ?? 0,
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
  return setOf(Object.keys(changes).join())(db, { ...changes, reference })[0];
}

const setOf = perShape((columns: string) =>
  compiled((db, given: Partial<Transfer> & { reference: string }) => {
    const set = Object.fromEntries(columns.split(",").map((name) => [name, given[name as keyof Transfer]]));
    return [db.update(transfers).set(set).where(eq(transfers.reference, given.reference))] as const;
  }),
);
