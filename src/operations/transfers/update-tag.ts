import { loadTag, type Tag, updateTag as updateRow } from "../../db/transfers/applications";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * Switches a tag of an application off or on. One that is off gets no new transfers and sends none, those that wait can
 * still be ended, and its name stays its subject's. Refuses `tag_unknown`, also for another application's tag. A tag
 * that is as it should be stays unchanged.
 */
export async function updateTag(
  deps: Deps,
  { applicationId, tagString, active }: { applicationId: string; tagString: string; active: boolean },
): Promise<Result<Tag>> {
  const loaded = await loadTag(deps.db, applicationId, tagString);
  if (!loaded) return refuse("tag_unknown");
  const answer = success({ ...loaded.tag, active });
  if (loaded.tag.active === active) return answer;
  await appendChange(deps, loaded, {
    name: "update-tag",
    actor: "application",
    data: { active },
    rows: [updateRow(deps.db, loaded.tag.id, { active })],
    answer,
  });
  return answer;
}
