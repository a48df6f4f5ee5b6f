import { loadTestimony, updateTestimony } from "../../db/offers/testimonies";
import { enter, step } from "../../domain/machine";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/** Completes a testimony after the assigned expert has done the work. */
export async function completeTestimony(
  deps: Deps,
  { testimonyId, userId }: { testimonyId: string; userId: string },
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const isAssigned = aggregate.testimony.expertId === userId;
  if (!isAssigned) return refuse(aggregate.testimony.expertId === null ? "state_wrong" : "not_yours");
  if (!step(testimonyMachine, "complete-testimony", aggregate.testimony.state, "expert")) return refuse("state_wrong");
  await appendChange(deps, aggregate, {
    name: "complete-testimony",
    actor: "expert",
    rows: [
      updateTestimony(deps.db, testimonyId, {
        state: enter(testimonyMachine, "complete-testimony", aggregate.testimony.state, "expert"),
      }),
    ],
    events: [
      {
        type: "testimony.completed",
        data: { testimonyId },
        to: { client: aggregate.testimony.clientId, expert: userId },
      },
    ],
    answer: done,
  });
  return done;
}
