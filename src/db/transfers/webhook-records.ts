import { and, asc, eq, lte, sql } from "drizzle-orm";
import { messageOf } from "../../domain/transfers/message";
import { type Direction, sideId } from "../../domain/transfers/side";
import { handOnMs, type TransferDeliveryJob } from "../../domain/webhooks/delivery-job";
import type { Database, Statement } from "../database";
import { applications, transfers, transferWebhooks } from "../schema";
import { selectLiveSecrets } from "../secrets";
import { isMadeWith } from "./made-with";
import type { Transfer, TransferWebhook } from "./transfer";

/** The key of a record. */
type RecordKey = Pick<TransferWebhook, "reference" | "direction"> & { eventType?: TransferWebhook["eventType"] };

/**
 * Makes the receiver's record of a transfer's present state, to be inserted with it. Without an address there is none.
 */
export function receiverRecords(transfer: Transfer, transactionWebhookUrl: string | null): TransferWebhook[] {
  if (transactionWebhookUrl === null) return [];
  const { receiverAppId: applicationId, receiverAppName: applicationName } = transfer;
  return [newRecord(transfer, "RECEIVER", { applicationId, applicationName, targetUrl: transactionWebhookUrl })];
}

/** Makes the sender's record of a transfer's end, to be inserted with it. Without a callback there is none. */
export function senderRecords(transfer: Transfer): TransferWebhook[] {
  const { senderAppId: applicationId, senderAppName: applicationName, callbackUrl } = transfer;
  if (callbackUrl === null) return [];
  return [newRecord(transfer, "SENDER", { applicationId, applicationName, targetUrl: callbackUrl })];
}

function newRecord(
  { id, reference, state, updatedAt }: Transfer,
  direction: Direction,
  addressee: Pick<TransferWebhook, "applicationId" | "applicationName" | "targetUrl">,
): TransferWebhook {
  const isSecond = direction === "RECEIVER" && state === "CANCELLED";
  return {
    reference,
    direction,
    id: sideId(id, isSecond ? "RECEIVER_OF_CANCELLATION" : direction),
    transferId: id,
    ...addressee,
    eventType: messageOf(state),
    state: "PENDING",
    version: 1,
    attempts: 0,
    lastError: null,
    lastAttemptAt: null,
    deliveredAt: null,
    dueAt: updatedAt + handOnMs,
    createdAt: updatedAt,
    updatedAt,
  };
}

/** Returns the delivery job of a record, to be enqueued once the record is written. */
export function jobOf({ applicationId, reference, direction, eventType }: TransferWebhook): TransferDeliveryJob {
  return { kind: "transfer", applicationId, reference, direction, eventType };
}

export function insertTransferWebhook(db: Database, row: TransferWebhook): Statement {
  return db.insert(transferWebhooks).values(row);
}

/** The result of an attempt, and the record's next state. */
interface TransferAttempt {
  atMs: number;
  targetUrl: string;
  /** The reason of its failure in words; null if it succeeded. */
  error: string | null;
  state: TransferWebhook["state"];
  dueAt: number | null;
}

/**
 * Writes an attempt. If the record has changed since it was read, the attempt changes nothing but that the record is
 * delivered, if it was.
 */
export function writeTransferAttempt(
  db: Database,
  read: TransferWebhook,
  { atMs, targetUrl, error, state, dueAt }: TransferAttempt,
): Statement {
  const isAsRead = sql`${transferWebhooks.version} = ${read.version}`;
  const outcome =
    state === "DELIVERED"
      ? { state, dueAt, deliveredAt: atMs }
      : {
          state: sql`case when ${isAsRead} then ${state} else ${transferWebhooks.state} end`,
          dueAt: sql`case when ${isAsRead} then cast(${dueAt} as integer) else ${transferWebhooks.dueAt} end`,
          lastError: error,
        };
  return db
    .update(transferWebhooks)
    .set({
      ...outcome,
      targetUrl,
      attempts: sql`${transferWebhooks.attempts} + 1`,
      version: sql`${transferWebhooks.version} + 1`,
      lastAttemptAt: atMs,
      updatedAt: atMs,
    })
    .where(isRecord(read));
}

/** Puts off a record that is due and could not be attempted at all. */
export function putOffTransferWebhook(
  db: Database,
  key: RecordKey,
  { nowMs, dueAt }: { nowMs: number; dueAt: number },
): Statement {
  return db
    .update(transferWebhooks)
    .set({ dueAt })
    .where(and(isRecord(key), lte(transferWebhooks.dueAt, nowMs)));
}

/** Makes a failed record due for another attempt. Returns none if it has not failed, or has not any more. */
export function reviveTransferWebhook(db: Database, key: RecordKey, nowMs: number) {
  return db
    .update(transferWebhooks)
    .set({ state: "PENDING", dueAt: nowMs, updatedAt: nowMs, version: sql`${transferWebhooks.version} + 1` })
    .where(and(isRecord(key), eq(transferWebhooks.state, "FAILED")))
    .returning();
}

/**
 * Loads everything that one attempt needs, in one round trip: the record, the transfer, and the application with its
 * secrets as they are at this moment.
 */
export async function loadTransferDelivery(db: Database, key: TransferDeliveryJob, nowMs: number) {
  const [[record], [transfer], [application], secrets] = await db.batch([
    db.select().from(transferWebhooks).where(isRecord(key)),
    db.select().from(transfers).where(eq(transfers.reference, key.reference)),
    db.select().from(applications).where(eq(applications.id, key.applicationId)),
    selectLiveSecrets(db, { ownerId: key.applicationId, kind: "webhook" }, nowMs),
  ]);
  return { record, transfer, application, secrets };
}

/** Statement: the records of a transfer, the receiver's first. */
export function selectTransferWebhooks(db: Database, reference: string) {
  return db
    .select()
    .from(transferWebhooks)
    .where(eq(transferWebhooks.reference, reference))
    .orderBy(asc(transferWebhooks.direction));
}

/**
 * Statement: an application's record on one side by its id, found through the transfers that were made at the id's
 * time.
 */
export function selectTransferWebhookById(db: Database, applicationId: string, id: string, direction: Direction) {
  const owner = { RECEIVER: transfers.receiverAppId, SENDER: transfers.senderAppId }[direction];
  const references = db
    .select({ reference: transfers.reference })
    .from(transfers)
    .where(and(eq(owner, applicationId), isMadeWith(id)));
  return db
    .select()
    .from(transferWebhooks)
    .where(
      and(
        sql`${transferWebhooks.reference} in ${references}`,
        eq(transferWebhooks.direction, direction),
        eq(transferWebhooks.id, id),
      ),
    );
}

/** Statement: the due records, the longest waiting first, but in turns, as in `selectDueDeliveries`. */
export function selectDueTransferWebhooks(db: Database, nowMs: number, { each, all }: { each: number; all: number }) {
  const turn = sql<number>`row_number() over (partition by ${transferWebhooks.applicationId} order by ${transferWebhooks.dueAt})`;
  const due = db
    .select({
      applicationId: transferWebhooks.applicationId,
      reference: transferWebhooks.reference,
      direction: transferWebhooks.direction,
      eventType: transferWebhooks.eventType,
      turn: turn.as("turn"),
    })
    .from(transferWebhooks)
    .where(lte(transferWebhooks.dueAt, nowMs))
    .as("due");
  return db
    .select({
      applicationId: due.applicationId,
      reference: due.reference,
      direction: due.direction,
      eventType: due.eventType,
    })
    .from(due)
    .where(lte(due.turn, each))
    .orderBy(asc(due.turn))
    .limit(all);
}

function isRecord({ reference, direction, ...named }: RecordKey) {
  // Without a type the first record of the receiver is meant, or the only one of the sender.
  const eventType = named.eventType ?? (direction === "RECEIVER" ? "TRANSACTION_INITIATED" : undefined);
  return and(
    eq(transferWebhooks.reference, reference),
    eq(transferWebhooks.direction, direction),
    eventType === undefined ? undefined : eq(transferWebhooks.eventType, eventType),
  );
}
