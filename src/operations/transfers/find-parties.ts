import { type OwnedTag, selectTagsAt } from "../../db/transfers/applications";
import { type Result, refuse, success } from "../../domain/result";
import { readTagAddress } from "../../domain/transfers/tag";
import type { Deps } from "../deps";

export interface Parties {
  sender: OwnedTag;
  receiver: OwnedTag;
}

/** The tags of a request as written: "alice", "@alice", "alice@walletapp" or "@alice@walletapp". */
export interface TagsAsWritten {
  applicationId: string;
  senderTag: string;
  receiverTag: string;
}

/**
 * Finds the parties that two tags name: a sender without a handle is looked up among the caller's own tags, a receiver
 * without one everywhere, where it must be the only one. A tag that is switched off, or whose application cannot
 * answer, counts as unknown. Refuses `tag_foreign`, `tag_unknown` and `tag_ambiguous`, in this order.
 */
export async function findParties(
  deps: Deps,
  { applicationId, senderTag, receiverTag }: TagsAsWritten,
): Promise<Result<Parties>> {
  const [from, to] = [readTagAddress(senderTag), readTagAddress(receiverTag)];
  if (!from || !to) return refuse("tag_unknown");
  const [[sender], receivers] = await deps.db.batch([
    selectTagsAt(deps.db, from, from.appHandle === undefined ? applicationId : undefined),
    selectTagsAt(deps.db, to),
  ]);
  const [receiver] = receivers;
  if (sender && sender.tag.applicationId !== applicationId) return refuse("tag_foreign");
  if (!sender?.tag.active) return refuse("tag_unknown", "senderTag");
  if (receivers.length > 1) return refuse("tag_ambiguous", "receiverTag");
  if (!receiver?.tag.active || !receiver.application.active) return refuse("tag_unknown", "receiverTag");
  return success({ sender, receiver });
}
