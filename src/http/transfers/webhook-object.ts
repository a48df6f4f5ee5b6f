import * as z from "zod";
import type { TransferWebhook } from "../../db/transfers/transfer";
import { messageTypes } from "../../domain/transfers/message";
import { forDescription } from "../described";
import { instant, orLeftOut, toInstant } from "./print-success";

/** A webhook record. */
export const webhookObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      transactionId: z.uuid(),
      transactionReference: z.string(),
      applicationId: z.uuid().meta({ description: "Who is told." }),
      applicationName: z.string(),
      direction: z.enum(["RECEIVER", "SENDER"]),
      targetUrl: z.string().meta({ description: "Of another application only the origin." }),
      eventType: z.enum(messageTypes),
      status: z.enum(["PENDING", "DELIVERED", "FAILED"]),
      attempts: z.int(),
      lastError: z.string().optional(),
      lastAttemptAt: instant.optional(),
      deliveredAt: instant.optional(),
      createdAt: instant,
      updatedAt: instant,
    })
    .meta({ id: "WebhookRecord" }),
);

/** Prints the records of a transfer to one of its parties: the receiver's first, each side's as they were made. */
export function toWebhooks(rows: readonly TransferWebhook[], viewerId: string) {
  const inOrder = rows.toSorted((one, other) =>
    one.direction === other.direction ? one.createdAt - other.createdAt : one.direction.localeCompare(other.direction),
  );
  return inOrder.map((row) =>
    // The path and the query of another's address may hold a secret.
    toWebhook(row.applicationId === viewerId ? row : { ...row, targetUrl: new URL(row.targetUrl).origin }),
  );
}

/** Prints a record to the application that is told. */
export function toWebhook(row: TransferWebhook) {
  return {
    id: row.id,
    transactionId: row.transferId,
    transactionReference: row.reference,
    applicationId: row.applicationId,
    applicationName: row.applicationName,
    direction: row.direction,
    targetUrl: row.targetUrl,
    eventType: row.eventType,
    status: row.state,
    attempts: row.attempts,
    lastError: orLeftOut(row.lastError),
    lastAttemptAt: toInstant(row.lastAttemptAt),
    deliveredAt: toInstant(row.deliveredAt),
    createdAt: toInstant(row.createdAt),
    updatedAt: toInstant(row.updatedAt),
  };
}
