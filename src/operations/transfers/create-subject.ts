import { insertSubject, type Subject, selectSubjectByExternalId } from "../../db/transfers/applications";
import { bucketOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Recall } from "../operation";

type NewSubject = Pick<Subject, "applicationId" | "externalId" | "displayName" | "email" | "imageUrl" | "metadata">;

/** The application's words about a subject are in the request. */
export const recallSubject: Recall<NewSubject, Subject> = {
  keep: ({ id, createdAt }) => ({ id, createdAt }),
  again: ({ id, createdAt }, input) => ({ ...input, id, createdAt }),
};

/**
 * Adds a user of an application, as the first change of the subject's own journal: subjects arrive in any number, and
 * none waits for another. Refuses `subject_exists` for an external id that is in use.
 */
export async function createSubject(deps: Deps, input: NewSubject): Promise<Result<Subject>> {
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
      rows: [insertSubject(deps.db, subject, deps.settings.openRows.subjects)],
      answer,
    },
  );
  return answer;
}
