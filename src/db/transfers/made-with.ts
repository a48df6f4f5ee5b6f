import { and, between, eq, or, type SQL } from "drizzle-orm";
import { timeOf } from "../../domain/id";
import { transfers } from "./tables";

/** Tolerance: a transfer's row and its id may have been made a few milliseconds apart. */
const apartMs = 1_000;

/**
 * The condition of the transfers that were made at the time of an id. All ids of a transfer have its time, so one of
 * them leads to its row without an index of its own.
 */
export function isMadeWith(id: string): SQL | undefined {
  const madeAt = timeOf(id);
  return between(transfers.createdAt, madeAt - apartMs, madeAt + apartMs);
}

/** The condition of those that an application has sent or received. */
export function isPartyMadeWith(applicationId: string, id: string): SQL | undefined {
  // The time is in both parts, because SQLite uses an index for no more than the part says.
  const isOf = (side: typeof transfers.senderAppId | typeof transfers.receiverAppId) =>
    and(eq(side, applicationId), isMadeWith(id));
  return or(isOf(transfers.senderAppId), isOf(transfers.receiverAppId));
}
