import type { Statement } from "../../db/database";
import {
  loadTestimony,
  type Payout,
  type TestimonyAggregate,
  updatePayout,
  updateTestimony,
} from "../../db/offers/testimonies";
import type { Known } from "../../domain/known";
import { enter, step } from "../../domain/machine";
import { needPerson, payoutMachine } from "../../domain/offers/payout";
import { releasedAt } from "../../domain/offers/release";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { endHoldAttention } from "./hold-payout";

/** Completes a testimony after the assigned expert has done the work, and releases a payout that waits for that. */
export async function completeTestimony(
  deps: Deps,
  { testimonyId, userId, known }: { testimonyId: string; userId: string } & Known<TestimonyAggregate>,
): Promise<Result<null>> {
  const aggregate = known ?? (await loadTestimony(deps.db, testimonyId));
  if (!aggregate) return refuse("testimony_unknown");
  const isAssigned = aggregate.testimony.expertId === userId;
  if (!isAssigned) return refuse(aggregate.testimony.expertId === null ? "state_wrong" : "not_yours");
  if (!step(testimonyMachine, "complete-testimony", aggregate.testimony.state, "expert")) return refuse("state_wrong");
  const released = aggregate.payouts.filter(
    ({ releaseOn, state }) => releaseOn === "completed" && /due|held/.test(state),
  );
  await appendChange(deps, aggregate, {
    name: "complete-testimony",
    actor: "expert",
    rows: [
      updateTestimony(deps.db, testimonyId, {
        state: enter(testimonyMachine, "complete-testimony", aggregate.testimony.state, "expert"),
      }),
      ...released.flatMap((payout) => releaseByCompletion(deps, aggregate, payout)),
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
  const pay = released.map(({ id: payoutId }) => ({ testimonyId, payoutId }));
  await deps.enqueueCommands(pay.map((input) => ({ name: "advance-payout", input })));
  return done;
}

/** Makes the rows by which a payout that waits for completion waits for it no more. Other reasons still hold it. */
function releaseByCompletion(deps: Deps, aggregate: TestimonyAggregate, payout: Payout): Statement[] {
  const holds = payout.holds.filter((one) => one !== "not_released");
  const nowMs = deps.nowMs();
  const state = payout.state === "held" ? enter(payoutMachine, "release", payout.state, "expert") : payout.state;
  return [
    updatePayout(deps.db, payout, { state, holds, ...releasedAt(nowMs), dueAt: nowMs }),
    ...(needPerson(holds) ? [] : endHoldAttention(deps, aggregate, payout)),
  ];
}
