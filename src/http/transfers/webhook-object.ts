import * as z from "zod";
import type { TransferWebhook } from "../../db/transfers/transfer";
import { forDescription } from "../described";
import { instant, orLeftOut, toInstant } from "./print-success";

/** The types of messages. */
export const messageTypes = [
  "TRANSACTION_INITIATED",
  "TRANSACTION_COMPLETED",
  "TRANSACTION_REJECTED",
  "TRANSACTION_EXPIRED",
] as const;

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
      targetUrl: z.string(),
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
