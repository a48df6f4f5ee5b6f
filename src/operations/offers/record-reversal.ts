import { loadTestimony, type TestimonyAggregate, updatePayout } from "../../db/offers/testimonies";
import { postedFor } from "../../db/postings";
import { noteStripeObject } from "../../db/stripe-objects";
import { line } from "../../domain/ledger";
import { owedPostings } from "../../domain/offers/payout";
import { done, type Result, refuse } from "../../domain/result";
import { retrieveTransfer } from "../../stripe/transfers";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { lostTimeOf } from "../lost-time";
import { reservedMinor } from "./reserve-reversal";

/**
 * Books the out-of-band reversals of a payout's transfer: the money is ours again, so it is owed to the expert again,
 * unless the expert owes it to us; and an operator must look.
 */
export async function recordReversal(
  deps: Deps,
  { testimonyId, payoutId }: FollowUps["record-reversal"],
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const payout = aggregate?.payouts.find((one) => one.id === payoutId);
  if (!aggregate || !payout?.transferId) return refuse("testimony_unknown");
  const asked = await retrieveTransfer(deps.stripe, payout.transferId);
  if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);

  let position = aggregate;
  let current = payout;
  const forgotten = await mayBeForgotten(deps, aggregate, payoutId);
  for (const reversal of asked.value.reversals.filter((one) => one.payoutId !== payoutId || forgotten)) {
    const posted = await postedFor(deps.db, testimonyId, reversal.id);
    if (posted.size > 0) continue; // a reversal never changes
    const after = { ...current, reversedMinor: current.reversedMinor + reversal.amountMinor };
    const { currency } = payout;
    const facts = { testimonyId, payoutId, currency, amountMinor: reversal.amountMinor };
    position = await appendChange(deps, position, {
      name: "record-reversal",
      actor: "stripe",
      data: { ...facts, stripeId: reversal.id },
      rows: [
        // The expert's account with us is in another shard, so it is adjusted next.
        updatePayout(deps.db, payout, {
          reversedMinor: after.reversedMinor,
          ...(payout.state === "reversing" ? {} : { dueAt: deps.nowMs() }),
        }),
        noteStripeObject(deps.db, reversal.id, { aggregateId: testimonyId, subjectId: payoutId }),
        raise(deps, testimonyId, {
          kind: "transfer_reversed_at_stripe",
          aboutKind: "reversal",
          aboutId: reversal.id,
          amountMinor: reversal.amountMinor,
          currency,
        }),
      ],
      postings: [
        ...owedPostings(current, after, currency, reversal.id),
        ...line("stripe_balance", currency, reversal.amountMinor, reversal.id),
      ],
      events: [
        {
          type: "payout.reversed",
          data: { ...facts, expertId: payout.expertId },
          to: { expert: payout.expertId },
        },
      ],
    });
    current = after;
  }
  if (current !== payout) await deps.enqueueCommands([{ name: "advance-payout", input: { testimonyId, payoutId } }]);
  return done;
}

/**
 * Tells whether a reversal may be one of ours whose row was lost with the lost time. While that time is searched, and
 * while a call of ours is pending, the refund that it belongs to books it.
 */
async function mayBeForgotten(deps: Deps, aggregate: TestimonyAggregate, payoutId: string): Promise<boolean> {
  const payout = aggregate.payouts.find(({ id }) => id === payoutId);
  if (payout === undefined || reservedMinor(aggregate, payout) > 0) return false;
  return (await lostTimeOf(deps, payoutId))?.isRecovering === false;
}
