import { write } from "../../db/database";
import {
  type Checkout,
  loadTestimony,
  type Payout,
  type TestimonyAggregate,
  updatePayout,
} from "../../db/offers/testimonies";
import { bucketOf } from "../../domain/id";
import { enter } from "../../domain/machine";
import { payoutMachine, wantedMinor } from "../../domain/offers/payout";
import { done, type Result, refuse } from "../../domain/result";
import { minuteMs } from "../../domain/time";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { type EffectOrder, openEffect, reserveCall } from "../effects";
import type { FollowUps } from "../follow-ups";
import { endHoldAttention, holdPayout, standingOf } from "./hold-payout";
import { reserveReceivable, settleReceivable } from "./receivable";
import { adoptTransfer, failedPayout, makeTransfer, payoutPaid, sendPayout } from "./send-payout";

/**
 * Does what a payout's state requires: sends it if the expert can be paid and the charge still holds the money, holds
 * it otherwise, resumes a transfer whose outcome is unknown, books what could not be reversed.
 */
export async function advancePayout(
  deps: Deps,
  { testimonyId, payoutId }: FollowUps["advance-payout"],
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const payout = aggregate?.payouts.find((one) => one.id === payoutId);
  if (!aggregate || !payout) return refuse("testimony_unknown");
  if (payout.state === "due" || payout.state === "held") return send(deps, aggregate, payout);
  if (payout.state === "sending") return resumePayout(deps, aggregate, payout);
  if (payout.state === "reversing" || payout.state === "failed") return done;
  return closeReceivable(deps, aggregate, payout);
}

async function send(deps: Deps, aggregate: TestimonyAggregate, payout: Payout): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === payout.checkoutId);
  if (!checkout?.chargeId) return refuse("state_wrong", "a payout without a charge");
  const asked = await standingOf(deps, aggregate, payout, checkout);
  if (!asked.ok) {
    await write(deps.db, [updatePayout(deps.db, payout, { dueAt: deps.nowMs() + minuteMs })]);
    return refuse("stripe_unavailable", asked.failure.message);
  }
  const { holds, account, charge, coveredMinor } = asked.value;
  // An earlier call has made the transfer after all: it is never sent again, whatever became of the account since.
  const [made] = charge.transfers;
  if (made) return adoptTransfer(deps, aggregate, payout, made);
  if (holds.length > 0) return holdPayout(deps, aggregate, payout, holds, { coveredMinor });
  // The charge must settle in our currency, which its fee shows; otherwise nothing is sent.
  if (checkout.feeMinor === null) return failOrWait(deps, aggregate, payout, checkout);

  const nettedMinor = await reserveReceivable(deps, payout);
  const amountMinor = wantedMinor(payout) - nettedMinor;
  const state = enter(payoutMachine, "send", payout.state, "clock");
  const sending: Payout = { ...payout, state, nettedMinor, reason: null, holds: [] };
  if (amountMinor === 0) {
    const paid = payoutPaid(deps, sending, "clock");
    await appendChange(deps, aggregate, {
      ...paid,
      rows: [...paid.rows, ...endHoldAttention(deps, aggregate, payout)],
    });
    return done;
  }
  const order: EffectOrder = {
    aggregateId: payout.testimonyId,
    id: deps.newId(bucketOf(payout.testimonyId)),
    kind: "create-transfer",
    subjectId: payout.id,
    params: {
      payoutId: payout.id,
      testimonyId: payout.testimonyId,
      offerId: checkout.offerId,
      amountMinor,
      currency: payout.currency,
      destination: account?.stripeAccountId ?? "",
      chargeId: checkout.chargeId,
    },
  };
  const written = await appendChange(deps, aggregate, {
    name: "send-payout",
    actor: "clock",
    data: { payoutId: payout.id, amountMinor, nettedMinor },
    rows: [
      updatePayout(deps.db, payout, { state, nettedMinor, reason: null, holds: [], dueAt: null }),
      reserveCall(deps, order),
      ...endHoldAttention(deps, aggregate, payout),
    ],
  });
  return makeTransfer(deps, written, sending, openEffect(deps, order));
}

async function resumePayout(deps: Deps, aggregate: TestimonyAggregate, payout: Payout): Promise<Result<null>> {
  const effect = aggregate.openEffects.find((one) => one.kind === "create-transfer" && one.subjectId === payout.id);
  return effect ? sendPayout(deps, aggregate, payout, effect) : done;
}

/**
 * Handles a charge without a usable fee. If the fee is not known yet and the clock still asks for it, the payout waits;
 * if it is in another currency, an operator must look.
 */
async function failOrWait(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  checkout: Checkout,
): Promise<Result<null>> {
  if (checkout.dueAt !== null) {
    await write(deps.db, [updatePayout(deps.db, payout, { dueAt: deps.nowMs() + 10 * minuteMs })]);
    return done;
  }
  const reason = "settlement_currency";
  const ids = { testimonyId: payout.testimonyId, payoutId: payout.id, expertId: payout.expertId };
  const state = enter(payoutMachine, "fail", payout.state, "clock");
  await appendChange(deps, aggregate, {
    name: "fail-payout",
    actor: "clock",
    data: { payoutId: payout.id, reason },
    rows: [
      updatePayout(deps.db, payout, { state, reason, holds: [], dueAt: null }),
      raise(deps, payout.testimonyId, failedPayout(payout, reason)),
    ],
    events: [{ type: "payout.failed", data: { ...ids, reason }, to: { expert: payout.expertId } }],
  });
  return done;
}

/**
 * Carries what a payout leaves owing, or had reserved, to the expert's account with us, once no reversal is pending.
 */
async function closeReceivable(deps: Deps, aggregate: TestimonyAggregate, payout: Payout): Promise<Result<null>> {
  if (payout.dueAt === null) return done;
  const isReversing = aggregate.openEffects.some(
    (one) => one.kind === "reverse-transfer" && one.subjectId === payout.id,
  );
  if (!isReversing) await settleReceivable(deps, payout);
  await write(deps.db, [updatePayout(deps.db, payout, { dueAt: isReversing ? deps.nowMs() + minuteMs : null })]);
  return done;
}
