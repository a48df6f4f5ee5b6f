import { postedFor } from "../../db/postings";
import { loadTestimony, updatePayout } from "../../db/testimonies";
import { move } from "../../domain/ledger";
import { done, type Result, refuse } from "../../domain/result";
import { retrieveTransfer } from "../../stripe/transfers";
import { raise } from "../attention";
import { record } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/**
 * Books the reversals of a payout's transfer that somebody made at Stripe, past us (decisions O14): the money is ours
 * again, so it is owed to the expert again, and an operator must look.
 */
export async function recordReversal(
  deps: Deps,
  { testimonyId, payoutId }: Input<"record-reversal">,
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const payout = aggregate?.payouts.find((one) => one.id === payoutId);
  if (!aggregate || !payout?.transferId) return refuse("testimony_unknown");
  const asked = await retrieveTransfer(deps.stripe, payout.transferId);
  if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);

  // When an operator's refund takes the payout back, it is a debt of the expert, and this pays it.
  const isDebt = payout.state === "reversing" || payout.state === "reversed";
  const account = isDebt ? "expert_receivable" : "expert_payable";
  let position = aggregate;
  let reversedMinor = payout.reversedMinor;
  for (const reversal of asked.value.reversals.filter((one) => one.payoutId !== payoutId)) {
    const posted = await postedFor(deps.db, testimonyId, reversal.id);
    if (posted.size > 0) continue; // a reversal never changes
    reversedMinor += reversal.amountMinor;
    const facts = { testimonyId, payoutId, currency: payout.currency, amountMinor: reversal.amountMinor };
    position = await record(deps, position, {
      name: "record-reversal",
      actor: "stripe",
      data: { ...facts, stripeId: reversal.id },
      rows: [
        // The expert's account with us is in another home: it follows next.
        updatePayout(deps.db, payout, {
          reversedMinor,
          ...(payout.state === "reversed" ? { dueAt: deps.nowMs() } : {}),
        }),
        raise(deps, testimonyId, {
          kind: "transfer_reversed_at_stripe",
          aboutKind: "reversal",
          aboutId: reversal.id,
          amountMinor: reversal.amountMinor,
          currency: payout.currency,
        }),
      ],
      postings: move(reversal.amountMinor, payout.currency, {
        debit: "stripe_balance",
        credit: account,
        reference: reversal.id,
      }),
      events: [{ type: "payout.reversed", data: { ...facts, expertId: payout.expertId } }],
    });
  }
  if (payout.state === "reversed" && reversedMinor > payout.reversedMinor) {
    await deps.nudge([{ name: "advance-payout", input: { testimonyId, payoutId } }]);
  }
  return done;
}
