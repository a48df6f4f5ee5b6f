/** The side of a transfer that a record tells. */
export type Direction = "RECEIVER" | "SENDER";

/** The last digit of a record's id, changed so that neither side's is the transfer's nor the other's. */
const digitMask: Record<Direction, number> = { RECEIVER: 1, SENDER: 2 };

/**
 * The id of a side's record: the transfer's own but for its last digit. A side has one record, so a repeat makes no
 * other, and the time in the id says when the transfer was made, which is how a record is found without an index.
 */
export function recordId(transferId: string, direction: Direction): string {
  const digit = Number.parseInt(transferId.slice(-1), 16) ^ digitMask[direction];
  return transferId.slice(0, -1) + digit.toString(16);
}
