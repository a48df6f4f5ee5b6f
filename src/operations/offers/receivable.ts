import { loadPayoutAccount } from "../../db/offers/payout-accounts";
import { loadReceivable, moveReceivable, type ReceivableKind } from "../../db/offers/receivables";
import type { Payout } from "../../db/offers/testimonies";
import { owedMinor, wantedMinor } from "../../domain/offers/payout";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { NewEvent } from "../notify";

/**
 * The expert's debt to us is an aggregate in the expert's shard, so it is changed there, by a commit of its own. The
 * effect of a payout on it is the sum of the payout's entries: after a crash between the two commits the second one
 * follows, and doing it twice changes nothing.
 */

/**
 * Reserves as much of a payout as the expert owes us. Returns the reserved amount in minor units, the same one when
 * called again.
 */
export async function reserveReceivable(deps: Deps, payout: Payout): Promise<number> {
  const seen = await loadReceivable(deps.db, payout.expertId, payout.currency, payout.id);
  if (seen.remainingMinor === 0 && seen.netMinor === 0) return 0; // most experts owe nothing
  const known = await loadAccount(deps, payout);
  const reservedMinor = Math.max(0, -known.netMinor);
  const wanted = Math.min(wantedMinor(payout), reservedMinor > 0 ? reservedMinor : known.remainingMinor);
  if (wanted > reservedMinor) await change(deps, payout, known, "reserve", wanted - reservedMinor);
  if (wanted < reservedMinor) await change(deps, payout, known, "release", reservedMinor - wanted);
  return wanted;
}

/**
 * Adjusts the expert's debt to what an ended payout leaves owing: the amount received too much, less what was netted
 * with the payout.
 */
export async function settleReceivable(deps: Deps, payout: Payout): Promise<void> {
  const known = await loadAccount(deps, payout);
  const isSent = payout.state === "paid" || payout.state === "reversed";
  const target = isSent ? Math.max(0, -owedMinor(payout)) - payout.nettedMinor : 0;
  const missing = target - known.netMinor;
  if (missing > 0) await change(deps, payout, known, known.netMinor < 0 ? "release" : "raise", missing, isSent);
  // An amount netted with another payout meanwhile is not taken from the debt twice.
  const repaid = Math.min(-missing, known.remainingMinor);
  if (repaid > 0) await change(deps, payout, known, "repay", repaid, isSent);
}

/** Loads the expert's account before the entries, so that a decision on outdated entries loses the race as a whole. */
async function loadAccount(deps: Deps, { expertId, currency, id }: Payout) {
  const expert = await loadPayoutAccount(deps.db, expertId);
  return { expert, ...(await loadReceivable(deps.db, expertId, currency, id)) };
}

/**
 * Changes a debt. `isTold`: the expert gets a notification. If a debt is reserved for a payout, or released before it
 * was sent, the payout's own notification says so.
 */
async function change(
  deps: Deps,
  payout: Payout,
  { expert, entries, remainingMinor }: Awaited<ReturnType<typeof loadAccount>>,
  kind: ReceivableKind,
  amountMinor: number,
  isTold = false,
): Promise<void> {
  const entry = {
    userId: payout.expertId,
    payoutId: payout.id,
    number: entries,
    kind,
    amountMinor,
    currency: payout.currency,
    at: deps.nowMs(),
  };
  const { reservation: _, ...withoutReservation } = deps; // another aggregate's change: not the request's answer
  await appendChange(withoutReservation, expert, {
    name: `${kind}-receivable`,
    actor: "clock",
    data: { payoutId: payout.id, amountMinor, currency: payout.currency },
    rows: moveReceivable(deps.db, entry),
    events: isTold ? [debtEvents(payout, kind === "repay" ? -amountMinor : amountMinor, remainingMinor)] : [],
  });
}

function debtEvents(payout: Payout, changeMinor: number, beforeMinor: number): NewEvent {
  const { testimonyId, id: payoutId, expertId, currency } = payout;
  const facts = { testimonyId, payoutId, expertId, currency, amountMinor: Math.abs(changeMinor) };
  const type = changeMinor > 0 ? "debt.raised" : "debt.lowered";
  return { type, data: { ...facts, remainingMinor: beforeMinor + changeMinor }, to: { expert: expertId } };
}
