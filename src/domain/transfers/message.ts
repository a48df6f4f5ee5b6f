import type { TransferState } from "./transfer";

/** The types of the contract's own messages about a transfer: that it waits for its receiver, and each end of it. */
export const messageTypes = [
  "TRANSACTION_INITIATED",
  "TRANSACTION_COMPLETED",
  "TRANSACTION_REJECTED",
  "TRANSACTION_EXPIRED",
  "TRANSACTION_CANCELLED",
] as const;
export type MessageType = (typeof messageTypes)[number];

/** Returns the message that tells of a state. */
export function messageOf(state: TransferState): MessageType {
  return state === "AWAITING_ACCEPTANCE" ? "TRANSACTION_INITIATED" : `TRANSACTION_${state}`;
}
