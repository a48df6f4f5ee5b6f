import { loadTestimony, updateTestimony } from "../../db/testimonies";
import { done, type Result, refuse } from "../../domain/result";
import { record } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/** An operator has looked. What was found, and by whom, is in the journal; no money moves. */
export async function resolveAttention(
  deps: Deps,
  { testimonyId, operator, note }: Input<"resolve-attention">,
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const { needsAttention } = aggregate.testimony;
  if (needsAttention === null) return refuse("state_wrong");
  await record(deps, aggregate, {
    name: "resolve-attention",
    actor: "operator",
    data: { operator, note, needsAttention },
    rows: [updateTestimony(deps.db, testimonyId, { needsAttention: null })],
    answer: done,
  });
  return done;
}
