import type { OwnedTag } from "../../db/transfers/applications";
import type { PartyRows, TagsAsWritten } from "../../db/transfers/parties";
import { type Result, refuse, success } from "../../domain/result";
import { readTagAddress } from "../../domain/transfers/tag";

export interface Parties {
  sender: OwnedTag;
  receiver: OwnedTag;
}

/**
 * Finds the parties that two tags name: a sender without a handle is looked up among the caller's own tags, a receiver
 * without one everywhere, where it must be the only one. A tag that is switched off, or whose application cannot
 * answer, counts as unknown. Refuses `tag_foreign`, `tag_unknown` and `tag_ambiguous`, in this order.
 */
export function findParties(
  [[sender], receivers]: PartyRows,
  { applicationId, senderTag, receiverTag }: TagsAsWritten,
): Result<Parties> {
  if (!readTagAddress(senderTag) || !readTagAddress(receiverTag)) return refuse("tag_unknown");
  const [receiver] = receivers;
  if (sender && sender.tag.applicationId !== applicationId) return refuse("tag_foreign");
  if (!sender?.tag.active) return refuse("tag_unknown", "senderTag");
  if (receivers.length > 1) return refuse("tag_ambiguous", "receiverTag");
  if (!receiver?.tag.active || !receiver.application.active) return refuse("tag_unknown", "receiverTag");
  return success({ sender, receiver });
}
