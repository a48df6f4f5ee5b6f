import { loadConcerned } from "../../../db/attention";
import { hastenEffect, selectEffect } from "../../../db/stripe-effects";
import { done, type Result, refuse } from "../../../domain/result";
import { appendChange } from "../../change";
import type { ByOperator, Deps } from "../../deps";
import { type CallKey, resumptionOf } from "../../resume-call";

/**
 * Tries a pending Stripe call again at once, under the rules by which the clock repeats it: the same idempotency key, or
 * a look at Stripe first. Refuses `state_wrong` for a call that has ended, or is due already.
 */
export async function retryStripeCall(
  deps: Deps,
  { operator, note, ...call }: CallKey & ByOperator,
): Promise<Result<null>> {
  const { aggregateId, effectId } = call;
  const [[effect]] = await deps.db.batch([selectEffect(deps.db, aggregateId, effectId)]);
  if (!effect) return refuse("call_unknown");
  const nowMs = deps.nowMs();
  if (effect.state !== "open" || (effect.dueAt ?? 0) <= nowMs) return refuse("state_wrong");
  const { standing: _, ...position } = await loadConcerned(deps.db, aggregateId);
  await appendChange(deps, position, {
    name: "retry-stripe-call",
    actor: "operator",
    data: { operator, note, effectId, kind: effect.kind },
    rows: [hastenEffect(deps.db, effect, nowMs)],
    answer: done,
  });
  await deps.enqueueCommands([resumptionOf(call)]);
  return done;
}
