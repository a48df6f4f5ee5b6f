/** The side of a transfer that a record tells. */
export type Direction = "RECEIVER" | "SENDER";

/** The side of a transfer that an entry of a wallet is. */
export type EntryType = "DEBIT" | "CREDIT";

/** The last digit of a side's id, changed so that no side's is the transfer's or another's. */
const digitMask: Record<Direction | EntryType, number> = { RECEIVER: 1, SENDER: 2, DEBIT: 4, CREDIT: 8 };

/**
 * The id of what a transfer has once a side, a record or an entry: the transfer's own but for its last digit. A repeat makes
 * no other, and it is found by way of the transfer, without an index.
 */
export function sideId(transferId: string, side: Direction | EntryType): string {
  return withDigit(transferId, digitMask[side]);
}

/** The ids of the transfers that an id may be a side's of. */
export function transfersOfSide(id: string): string[] {
  return Object.values(digitMask).map((mask) => withDigit(id, mask));
}

function withDigit(id: string, mask: number): string {
  const digit = Number.parseInt(id.slice(-1), 16) ^ mask;
  return id.slice(0, -1) + digit.toString(16);
}
