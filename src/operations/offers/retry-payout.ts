import { loadTestimony, updatePayout } from "../../db/offers/testimonies";
import { enter } from "../../domain/machine";
import { payoutMachine } from "../../domain/offers/payout";
import { done, type Result, refuse } from "../../domain/result";
import { byOperator, clear } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUp } from "../follow-ups";

/**
 * Makes a payout that Stripe refused due again, after an operator has mended the cause, or checks a held one at once.
 * Other reasons still hold it: none is removed, and nothing is sent that the charge does not hold any more.
 */
export async function retryPayout(
  deps: Deps,
  { testimonyId, operator }: { testimonyId: string; operator: string },
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const payout = aggregate.payouts.find((one) => one.state === "failed" || one.state === "held");
  if (!payout) return refuse("state_wrong");
  const state = payout.state === "held" ? "held" : enter(payoutMachine, "retry", payout.state, "operator");
  await appendChange(deps, aggregate, {
    name: "retry-payout",
    actor: "operator",
    data: { operator, payoutId: payout.id },
    rows: [
      updatePayout(deps.db, payout, { state, reason: null, dueAt: deps.nowMs() }),
      clear(deps, testimonyId, byOperator(operator), ["payout_failed"], { aboutId: payout.id }),
    ],
    answer: done,
  });
  const pay: FollowUp = { name: "advance-payout", input: { testimonyId, payoutId: payout.id } };
  await deps.enqueueCommands([pay]);
  return done;
}
