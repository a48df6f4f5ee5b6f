import { insertSubject, type Subject, selectSubjectByExternalId } from "../../db/transfers/applications";
import { bucketOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * Adds a user of an application, as the first change of the subject's own journal: subjects arrive in any number, and
 * none waits for another. Refuses `subject_exists` for an external id that is in use.
 */
export async function createSubject(
  deps: Deps,
  input: Pick<Subject, "applicationId" | "externalId" | "displayName" | "email" | "imageUrl" | "metadata">,
): Promise<Result<Subject>> {
  const { applicationId, externalId } = input;
  const [[existing]] = await deps.db.batch([selectSubjectByExternalId(deps.db, applicationId, externalId)]);
  if (existing) return refuse("subject_exists");
  const subject: Subject = { ...input, id: deps.newId(bucketOf(applicationId)), createdAt: deps.nowMs() };
  const answer = success(subject);
  await appendChange(
    deps,
    { aggregateId: subject.id, tenant: applicationId, audience: applicationId, version: 0, sequence: 0 },
    {
      name: "create-subject",
      actor: "application",
      data: { applicationId },
      rows: [insertSubject(deps.db, subject)],
      answer,
    },
  );
  return answer;
}
