import type { Transfer } from "../../db/transfers";
import type { OtherEventType } from "../../domain/notification";
import { formatTransferAmount } from "../../domain/transfer-amount";

/**
 * What the endpoints of both parties are told of a transfer, beside the records of the contract. Nothing
 * that one of them wrote in words of its own: an event that two have heard is not erased for one.
 */
export function newsOfTransfer(type: OtherEventType, transfer: Transfer) {
  const { id, reference, state, senderAppId, receiverAppId, senderTag, receiverTag, currency, expiresAt } = transfer;
  const data = {
    transferId: id,
    reference,
    status: state,
    senderAppId,
    senderTag,
    receiverAppId,
    receiverTag,
    // A text: four decimals of such a number are more than a double holds.
    amount: formatTransferAmount(transfer.amount),
    currency,
    expiresAt: new Date(expiresAt).toISOString(),
  };
  return { type, data, onlyIfHeard: true };
}
