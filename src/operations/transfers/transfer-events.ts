import type { Transfer } from "../../db/transfers/transfer";
import { formatTransferAmount } from "../../domain/transfers/transfer-amount";
import type { OtherEventType } from "../../domain/webhooks/notification";

/**
 * Makes the event about a transfer for the endpoints of both parties, beside the records of the contract. It contains
 * no text that one of them wrote, because an event that two have received is not erased for one.
 */
export function eventOfTransfer(type: OtherEventType, transfer: Transfer) {
  const { id, reference, state, senderAppId, receiverAppId, senderTag, receiverTag, currency, expiresAt } = transfer;
  const data = {
    transferId: id,
    reference,
    status: state,
    senderAppId,
    senderTag,
    receiverAppId,
    receiverTag,
    // As a text, because four decimals of such a number are more than a double holds.
    amount: formatTransferAmount(transfer.amount),
    currency,
    expiresAt: new Date(expiresAt).toISOString(),
  };
  return { type, data, onlyIfHeard: true };
}
