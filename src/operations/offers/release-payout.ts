import { loadTestimony, type Payout, type TestimonyAggregate, updatePayout } from "../../db/offers/testimonies";
import { line } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import { type ChargeMoney, goneMinor, stillOurs } from "../../domain/offers/charge";
import { type HoldReason, holdRules, owedPostings, payoutMachine, wantedMinor } from "../../domain/offers/payout";
import { isAwaitingRelease, releasedAt } from "../../domain/offers/release";
import { done, type Result, refuse } from "../../domain/result";
import { byOperator, clear } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { readCharge } from "./read-charge";
import { loweredEvent } from "./refund-part";

/**
 * Releases a held payout although money of its charge is gone: an operator has decided who bears the loss. Never more
 * is released than Stripe says the charge still holds. The rest is written off: the expert bears that part of the loss
 * and is not owed it any more. `early` says that it need not wait for the date or the completion that releases it
 * otherwise; without it, that wait goes on. Other reasons (the account, money that leaves later) still hold the payout.
 */
export async function releasePayout(
  deps: Deps,
  {
    testimonyId,
    operator,
    note,
    amountMinor,
    early = false,
  }: {
    testimonyId: string;
    operator: string;
    note: string;
    amountMinor?: number | undefined;
    early?: boolean | undefined;
  },
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const payout = aggregate.payouts.find((one) => one.state === "held");
  const checkout = aggregate.checkouts.find((one) => one.id === payout?.checkoutId);
  if (!payout || !checkout) return refuse("state_wrong");
  const isEarly = early && isAwaitingRelease(payout, deps.nowMs());
  if (!payout.holds.some(isOfCharge)) {
    return isEarly && amountMinor === undefined
      ? releaseEarly(deps, aggregate, payout, operator, note)
      : refuse("state_wrong");
  }
  const asked = await readCharge(deps, aggregate, checkout);
  if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);
  const { money } = asked.value;
  const releasedMinor = amountMinor ?? wantedMinor(payout);
  if (releasedMinor > wantedMinor(payout) || releasedMinor > stillOurs(money)) return refuse("amount_exceeds_charge");

  planTransfer(deps, payout, releasedMinor);
  const after: Payout = { ...payout, loweredMinor: payout.amountMinor - releasedMinor };
  const writtenOffMinor = after.loweredMinor - payout.loweredMinor;
  await appendChange(deps, aggregate, {
    name: "release-payout",
    actor: "operator",
    data: { operator, note, payoutId: payout.id, releasedMinor, writtenOffMinor, holds: payout.holds, money },
    rows: [
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "release", payout.state, "operator"),
        loweredMinor: after.loweredMinor,
        acceptedGoneMinor: goneMinor(money),
        holds: payout.holds.filter((one) => !isOfCharge(one) && !(isEarly && one === "not_released")),
        ...(isEarly ? releasedAt(deps.nowMs()) : {}),
        dueAt: deps.nowMs(),
      }),
      clear(deps, testimonyId, byOperator(operator), ["payout_held", "refunded_at_stripe", "dispute_lost"], { note }),
    ],
    postings: [
      ...owedPostings(payout, after, payout.currency, payout.id),
      ...line(lossAccount(money), payout.currency, -writtenOffMinor, payout.id),
    ],
    events: loweredEvent(payout, writtenOffMinor),
    answer: done,
  });
  await deps.enqueueCommands([{ name: "advance-payout", input: { testimonyId, payoutId: payout.id } }]);
  return done;
}

/** Releases a payout before its date, or without completion, of whose charge nothing is gone. */
async function releaseEarly(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  operator: string,
  note: string,
): Promise<Result<null>> {
  const { testimonyId, id: payoutId, holds } = payout;
  planTransfer(deps, payout, wantedMinor(payout));
  await appendChange(deps, aggregate, {
    name: "release-payout",
    actor: "operator",
    data: { operator, note, payoutId, holds },
    rows: [
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "release", payout.state, "operator"),
        holds: holds.filter((one) => one !== "not_released"),
        ...releasedAt(deps.nowMs()),
        dueAt: deps.nowMs(),
      }),
      clear(deps, testimonyId, byOperator(operator), ["payout_held"], { note }),
    ],
    answer: done,
  });
  await deps.enqueueCommands([{ name: "advance-payout", input: { testimonyId, payoutId } }]);
  return done;
}

/** Tells a rehearsal what follows: the transfer to the expert, less what the expert owes us. */
function planTransfer({ rehearsal }: Deps, { expertId, currency }: Payout, amountMinor: number): void {
  rehearsal?.steps.push({ call: "create-transfer", object: expertId, amountMinor, currency });
}

/** Tells whether a hold is about the charge's money and not about the expert's account. */
function isOfCharge(hold: HoldReason): boolean {
  return holdRules[hold].person || hold === "dispute_open";
}

/** Returns the account that bears the loss, which a write-off lowers. */
function lossAccount({ lostMinor, openMinor }: ChargeMoney) {
  return lostMinor + openMinor > 0 ? "dispute_losses" : "refunds_made_at_stripe";
}
