/** The side of a transfer that a webhook record is for. */
export type Direction = "RECEIVER" | "SENDER";

/** The side of a transfer that a wallet entry books. */
export type EntryType = "DEBIT" | "CREDIT";

/** The things of which a transfer has one: a record or an entry for each side, and the receiver's record of a cancellation. */
type Once = Direction | EntryType | "RECEIVER_OF_CANCELLATION";

/** The changes of an id's last digit, by which all ids of one transfer differ. */
const digitMask: Record<Once, number> = { RECEIVER: 1, SENDER: 2, RECEIVER_OF_CANCELLATION: 3, DEBIT: 4, CREDIT: 8 };

/**
 * Returns the id of a record or an entry that a transfer has once: the transfer's own id except for its last digit. A
 * repeat makes no other, and it is found through the transfer, without an index.
 */
export function sideId(transferId: string, side: Once): string {
  return withDigit(transferId, digitMask[side]);
}

/** Returns the ids of the transfers to whose sides an id may belong. */
export function transfersOfSide(id: string): string[] {
  return Object.values(digitMask).map((mask) => withDigit(id, mask));
}

function withDigit(id: string, mask: number): string {
  const digit = Number.parseInt(id.slice(-1), 16) ^ mask;
  return id.slice(0, -1) + digit.toString(16);
}
