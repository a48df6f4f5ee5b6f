import { readTagAddress } from "../../domain/transfers/tag";
import type { Database } from "../database";
import type { Rows } from "../read-all";
import { selectTagsAt } from "./applications";
import { selectTransferByExternalId } from "./transfers";

/** The tags of a request as written: "alice", "@alice", "alice@walletapp" or "@alice@walletapp". */
export interface TagsAsWritten {
  applicationId: string;
  senderTag: string;
  receiverTag: string;
  /** The application's own name for the transfer. */
  externalId: string | null;
}

/** Rows of the sender's tag, of the tags that the receiver's address may name, and of a transfer of the same name. */
export type PartyRows = Rows<ReturnType<typeof partyReads>>;

const nobody = { name: "" };

/**
 * Statements: the tags that the addresses of an initiation name, and the transfer that has its external id. A sender
 * without a handle is looked up among the application's own tags, a receiver without one everywhere.
 */
export function partyReads(db: Database, { applicationId, senderTag, receiverTag, externalId }: TagsAsWritten) {
  const [from, to] = [readTagAddress(senderTag), readTagAddress(receiverTag)];
  return [
    selectTagsAt(db, from ?? nobody, from?.appHandle === undefined ? applicationId : undefined),
    selectTagsAt(db, to ?? nobody),
    selectTransferByExternalId(db, applicationId, externalId ?? ""),
  ] as const;
}
