import type { Statement } from "../../db/database";
import { type Application, loadApplication, updateApplication } from "../../db/transfers/applications";
import { type Refused, type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

export type LoadedApplication = NonNullable<Awaited<ReturnType<typeof loadApplication>>>;

/** A change of an application: its columns, and further rows of the same change. */
interface ApplicationChange {
  changes: Partial<Omit<Application, "id" | "appHandle" | "createdAt">>;
  rows?: readonly Statement[];
  data: Record<string, unknown>;
}

/**
 * Changes an application as the next change of its journal, and returns it. Refuses `application_unknown`, or as
 * `decide` does.
 */
export async function changeApplication(
  deps: Deps,
  id: string,
  by: { name: string; actor: string },
  decide: (loaded: LoadedApplication, nowMs: number) => ApplicationChange | Refused,
): Promise<Result<Application>> {
  const nowMs = deps.nowMs();
  const loaded = await loadApplication(deps.db, id, nowMs);
  if (!loaded) return refuse("application_unknown");
  const decided = decide(loaded, nowMs);
  if ("refusal" in decided) return decided;
  const changes = { ...decided.changes, updatedAt: nowMs };
  const answer = success({ ...loaded.application, ...changes });
  await appendChange(deps, loaded, {
    ...by,
    data: decided.data,
    rows: [updateApplication(deps.db, id, changes), ...(decided.rows ?? [])],
    answer,
  });
  return answer;
}
