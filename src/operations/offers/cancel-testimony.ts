import { loadTestimony, type TestimonyAggregate, updateTestimony } from "../../db/offers/testimonies";
import type { Known } from "../../domain/known";
import { enter, step } from "../../domain/machine";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { closeSessions } from "./checkout-session";

/**
 * Cancels before acceptance. Open sessions are expired; money that arrives all the same is returned
 * (src/guides/decisions.md#late-money).
 */
export async function cancelTestimony(
  deps: Deps,
  {
    testimonyId,
    userId,
    cancellationReason,
    known,
  }: { testimonyId: string; userId: string; cancellationReason: string | null } & Known<TestimonyAggregate>,
): Promise<Result<null>> {
  const aggregate = known ?? (await loadTestimony(deps.db, testimonyId));
  if (!aggregate) return refuse("testimony_unknown");
  if (aggregate.testimony.clientId !== userId) return refuse("not_yours");
  if (!step(testimonyMachine, "cancel-testimony", aggregate.testimony.state, "client")) return refuse("state_wrong");

  const closing = closeSessions(deps, aggregate);
  await appendChange(deps, aggregate, {
    name: "cancel-testimony",
    actor: "client",
    rows: [
      updateTestimony(deps.db, testimonyId, {
        state: enter(testimonyMachine, "cancel-testimony", aggregate.testimony.state, "client"),
        cancellationReason,
      }),
      ...closing.rows,
    ],
    events: [
      { type: "testimony.cancelled", data: { testimonyId, reason: cancellationReason }, to: { client: userId } },
    ],
    answer: done,
  });
  await deps.enqueueCommands(closing.next);
  return done;
}
