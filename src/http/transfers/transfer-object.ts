import * as z from "zod";
import type { TransferView } from "../../db/transfers/transfers";
import { transferStates } from "../../domain/transfers/transfer";
import { forDescription } from "../described";
import { amountObject, toAmount } from "./amount";
import { instant, orLeftOut, toInstant } from "./print-success";
import { toWebhooks, webhookObject } from "./webhook-object";

/** A transfer. */
export const transferObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      reference: z.string().meta({ example: "TXN-16820000-AB1C2D3E" }),
      senderTag: z.string(),
      senderAppName: z.string(),
      senderAppId: z.uuid(),
      receiverTag: z.string(),
      receiverAppName: z.string(),
      receiverAppId: z.uuid(),
      amount: amountObject,
      currency: z.string(),
      status: z.enum(transferStates),
      narration: z.string().optional(),
      expiresAt: instant,
      acceptedAt: instant.optional(),
      rejectedAt: instant.optional(),
      rejectionReason: z.string().optional(),
      cancelledAt: instant.optional(),
      externalId: z.string().optional().meta({ description: "The sender's own name for it. Only the sender sees it." }),
      metadata: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({ description: "The sender's own members. Only the sender sees them." }),
      createdAt: instant,
      updatedAt: instant,
      webhooks: z.array(webhookObject).meta({ description: "Who is told of it: the receiver, the sender." }),
    })
    .meta({ id: "Transaction" }),
);

/** Prints a transfer for one of its parties: what is the sender's own is shown to the sender alone. */
export function toTransfer(transfer: TransferView, { id: viewerId }: { id: string }) {
  const isSender = transfer.senderAppId === viewerId;
  return {
    id: transfer.id,
    reference: transfer.reference,
    senderTag: transfer.senderTag,
    senderAppName: transfer.senderAppName,
    senderAppId: transfer.senderAppId,
    receiverTag: transfer.receiverTag,
    receiverAppName: transfer.receiverAppName,
    receiverAppId: transfer.receiverAppId,
    amount: toAmount(transfer.amount),
    currency: transfer.currency,
    status: transfer.state,
    narration: orLeftOut(transfer.narration),
    expiresAt: toInstant(transfer.expiresAt),
    acceptedAt: toInstant(transfer.acceptedAt),
    rejectedAt: toInstant(transfer.rejectedAt),
    rejectionReason: orLeftOut(transfer.rejectionReason),
    cancelledAt: toInstant(transfer.cancelledAt),
    externalId: isSender ? orLeftOut(transfer.externalId) : undefined,
    metadata: isSender ? orLeftOut(transfer.metadata) : undefined,
    createdAt: toInstant(transfer.createdAt),
    updatedAt: toInstant(transfer.updatedAt),
    webhooks: toWebhooks(transfer.webhooks, viewerId),
  };
}
