import { loadPayoutAccount } from "../../db/payout-accounts";
import { loadReceivable, moveReceivable, type ReceivableKind } from "../../db/receivables";
import type { Payout } from "../../db/testimonies";
import { record } from "../change";
import type { Deps } from "../deps";

/**
 * The expert's debt to us is an aggregate in the expert's home, so it is changed there, by its own commit, unique by the
 * payout's id: doing it twice is harmless, and a crash between the homes is taken up where it stopped (decisions O10).
 */

/** Reserves as much of a payout as the expert owes us. Answers the amount, the same one when asked again. */
export async function reserveReceivable(deps: Deps, payout: Payout): Promise<number> {
  const known = await loadReceivable(deps.db, payout.expertId, payout.currency, payout.id);
  if (known.reserved !== undefined) return known.reserved;
  const amountMinor = Math.min(known.remainingMinor, payout.amountMinor);
  if (amountMinor === 0) return 0;
  await change(deps, payout, "reserve", amountMinor);
  return amountMinor;
}

/** Books what a payout that went back leaves owing: what the transfer's reversal did not bring, and what it had netted. */
export async function raiseReceivable(deps: Deps, payout: Payout): Promise<void> {
  const known = await loadReceivable(deps.db, payout.expertId, payout.currency, payout.id);
  const reserved = known.reserved ?? 0;
  if (reserved > 0 && known.released === undefined) await change(deps, payout, "release", reserved);
  const owing = payout.state === "reversed" ? payout.amountMinor - payout.nettedMinor - payout.reversedMinor : 0;
  if (owing > 0 && known.raised === undefined) await change(deps, payout, "raise", owing);
  // Reversed past us afterwards: what was already netted with another payout is not taken from the debt twice.
  const repaid = Math.min((known.raised ?? 0) - Math.max(owing, 0), known.remainingMinor);
  if (repaid > 0 && known.repaid === undefined) await change(deps, payout, "repay", repaid);
}

async function change(deps: Deps, payout: Payout, kind: ReceivableKind, amountMinor: number): Promise<void> {
  const expert = await loadPayoutAccount(deps.db, payout.expertId);
  const entry = {
    userId: payout.expertId,
    payoutId: payout.id,
    kind,
    amountMinor,
    currency: payout.currency,
    at: deps.nowMs(),
  };
  const { claim: _, ...withoutClaim } = deps; // another aggregate's change: not the request's answer
  await record(withoutClaim, expert, {
    name: `${kind}-receivable`,
    actor: "clock",
    data: { payoutId: payout.id, amountMinor, currency: payout.currency },
    rows: moveReceivable(deps.db, entry),
  });
}
