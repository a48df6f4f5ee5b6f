import type { Transfer, TransferWebhook } from "../db/transfers/transfer";
import { exactNumber } from "../domain/exact-number";
import { formatTransferAmount } from "../domain/transfers/transfer-amount";

/**
 * Makes the body of a record of the transfer's row and the event alone: the state at the event, whatever has become of
 * the transfer since. Every attempt sends the same bytes. Null members are left out.
 */
export function bodyOf({ id, eventType, direction }: TransferWebhook, transfer: Transfer): string {
  const now = eventType === "TRANSACTION_INITIATED" ? asInitiated(transfer) : transfer;
  const isSender = direction === "SENDER"; // what is the sender's own is told to the sender alone
  return JSON.stringify({
    eventId: id,
    eventType,
    direction,
    occurredAt: instant(now.updatedAt),
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
      cancelledAt: instant(now.cancelledAt),
      externalId: isSender ? (now.externalId ?? undefined) : undefined,
      metadata: isSender ? (now.metadata ?? undefined) : undefined,
      createdAt: instant(now.createdAt),
      updatedAt: instant(now.updatedAt),
    },
  });
}

/**
 * Returns the transfer as it was initiated. It is resolved once and never changes again, so there are only two states:
 * this one and the last.
 */
function asInitiated(transfer: Transfer): Transfer {
  return {
    ...transfer,
    state: "AWAITING_ACCEPTANCE",
    acceptedAt: null,
    rejectedAt: null,
    rejectionReason: null,
    cancelledAt: null,
    updatedAt: transfer.createdAt,
  };
}

function instant(atMs: number | null): string | undefined {
  return atMs === null ? undefined : new Date(atMs).toISOString();
}
