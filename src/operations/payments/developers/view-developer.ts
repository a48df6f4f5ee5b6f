import { loadDeveloper } from "../../../db/payments/developers";
import { done, type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";

type Viewed = NonNullable<Awaited<ReturnType<typeof loadDeveloper>>>;

/**
 * Returns a developer with the tokens, and records in the developer's journal that the operator has seen the personal
 * data. Refuses `developer_unknown`.
 */
export async function viewDeveloper(
  deps: Deps,
  { developerId, operator }: { developerId: string; operator: string },
): Promise<Result<Viewed>> {
  const loaded = await loadDeveloper(deps.db, developerId);
  if (!loaded) return refuse("developer_unknown");
  await appendChange(deps, loaded, {
    name: "view-developer",
    actor: "operator",
    data: { operator },
    rows: [],
    answer: done,
  });
  return success(loaded);
}
