import { insertTag, selectSubject, selectTag, type Tag } from "../../db/transfers/applications";
import { bucketOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { readTagName } from "../../domain/transfers/tag";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * Gives a subject a tag, as the first change of the tag's own journal. Refuses `subject_unknown`, also for another
 * application's subject, and `tag_exists` for a name that the application has given, in whatever case.
 */
export async function createTag(
  deps: Deps,
  { applicationId, subjectId, tagString: written }: { applicationId: string; subjectId: string; tagString: string },
): Promise<Result<Tag>> {
  const tagString = readTagName(written);
  if (tagString === undefined) throw new Error("the route has accepted a name that is no tag");
  const [[subject], [existing]] = await deps.db.batch([
    selectSubject(deps.db, subjectId),
    selectTag(deps.db, applicationId, tagString),
  ]);
  if (subject?.applicationId !== applicationId) return refuse("subject_unknown");
  if (existing) return refuse("tag_exists");
  const id = deps.newId(bucketOf(applicationId));
  const tag: Tag = { id, tagString, applicationId, subjectId, active: true, createdAt: deps.nowMs() };
  const answer = success(tag);
  await appendChange(
    deps,
    { aggregateId: id, tenant: applicationId, audience: applicationId, version: 0, sequence: 0 },
    {
      name: "create-tag",
      actor: "application",
      data: { subjectId, tagString },
      rows: [insertTag(deps.db, tag, deps.settings.openRows.tags)],
      answer,
    },
  );
  return answer;
}
