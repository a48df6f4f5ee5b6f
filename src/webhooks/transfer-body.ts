import type { Transfer, TransferWebhook } from "../db/transfers";
import { exactNumber } from "../domain/exact-number";
import { formatTransferAmount } from "../domain/transfer-amount";

/**
 * The body of a record, made of the transfer's row and the event alone: what was so at the event,
 * whatever has become of the transfer since. Every attempt sends the same bytes. What there is none of is left out.
 */
export function bodyOf({ id, eventType, direction }: TransferWebhook, transfer: Transfer): string {
  const now = eventType === "TRANSACTION_INITIATED" ? asInitiated(transfer) : transfer;
  return JSON.stringify({
    eventId: id,
    eventType,
    direction,
    occurredAt: instant(now.acceptedAt ?? now.rejectedAt ?? now.updatedAt),
    transaction: {
      id: now.id,
      reference: now.reference,
      senderTag: now.senderTag,
      senderAppName: now.senderAppName,
      senderAppId: now.senderAppId,
      receiverTag: now.receiverTag,
      receiverAppName: now.receiverAppName,
      receiverAppId: now.receiverAppId,
      amount: exactNumber(formatTransferAmount(now.amount)),
      currency: now.currency,
      status: now.state,
      narration: now.narration ?? undefined,
      expiresAt: instant(now.expiresAt),
      acceptedAt: instant(now.acceptedAt),
      rejectedAt: instant(now.rejectedAt),
      rejectionReason: now.rejectionReason ?? undefined,
      createdAt: instant(now.createdAt),
      updatedAt: instant(now.updatedAt),
    },
  });
}

/** A transfer is resolved once and never changes again, so there are two states to tell: this one and the last. */
function asInitiated(transfer: Transfer): Transfer {
  return {
    ...transfer,
    state: "AWAITING_ACCEPTANCE",
    acceptedAt: null,
    rejectedAt: null,
    rejectionReason: null,
    updatedAt: transfer.createdAt,
  };
}

function instant(atMs: number | null): string | undefined {
  return atMs === null ? undefined : new Date(atMs).toISOString();
}
