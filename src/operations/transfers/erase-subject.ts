import { eraseSubject as eraseRow, loadSubject } from "../../db/transfers/applications";
import { done, type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * Takes what an application told about a user out of the subject's row. The row stays for its tags and their transfers,
 * with its own id in place of the application's. Refuses `subject_unknown`, also for another application's subject. A
 * subject that is erased stays unchanged.
 */
export async function eraseSubject(
  deps: Deps,
  { applicationId, subjectId }: { applicationId: string; subjectId: string },
): Promise<Result<null>> {
  const loaded = await loadSubject(deps.db, subjectId);
  if (loaded?.tenant !== applicationId) return refuse("subject_unknown");
  if (loaded.externalId === subjectId) return done;
  await appendChange(deps, loaded, {
    name: "erase-subject",
    actor: "application",
    rows: [eraseRow(deps.db, subjectId)],
    answer: done,
  });
  return done;
}
