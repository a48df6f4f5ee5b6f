import { type Application, selectTagOf, selectTagsAt, type Tag } from "../../db/applications";
import { type Result, refuse, success } from "../../domain/result";
import { readTagAddress, type TagAddress } from "../../domain/tag";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/** A tag with the application that it belongs to. */
interface Party {
  tag: Tag;
  application: Application;
}

export interface Parties {
  sender: Party;
  receiver: Party;
}

/**
 * Whom the two tags mean (U8): a bare sender is looked for among the caller's own, a bare receiver everywhere, where it
 * must be the only one. Nobody can pay a tag that is switched off, or an application that cannot answer. Refuses
 * `tag_foreign`, `tag_unknown` and `tag_ambiguous`, in this order.
 */
export async function findParties(
  deps: Deps,
  { applicationId, senderTag, receiverTag }: Input<"initiate-transfer">,
): Promise<Result<Parties>> {
  const [from, to] = [readTagAddress(senderTag), readTagAddress(receiverTag)];
  if (!from || !to) return refuse("tag_unknown");
  const [[sender], receivers] = await deps.db.batch([
    selectSender(deps, applicationId, from),
    selectTagsAt(deps.db, to),
  ]);
  const [receiver] = receivers;
  if (sender && sender.application.id !== applicationId) return refuse("tag_foreign");
  if (!sender?.tag.active) return refuse("tag_unknown", "senderTag");
  if (receivers.length > 1) return refuse("tag_ambiguous", "receiverTag");
  if (!receiver?.tag.active || !receiver.application.active) return refuse("tag_unknown", "receiverTag");
  return success({ sender, receiver });
}

function selectSender(deps: Deps, applicationId: string, { name, appHandle }: TagAddress) {
  return appHandle === undefined
    ? selectTagOf(deps.db, applicationId, name)
    : selectTagsAt(deps.db, { name, appHandle });
}
