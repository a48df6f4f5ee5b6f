import { write } from "../../db/database";
import { insertNotification } from "../../db/notifications";
import { type PayoutAccount, selectPayoutAccount } from "../../db/payout-accounts";
import { type Checkout, loadTestimony, type Payout, type TestimonyAggregate, updatePayout } from "../../db/testimonies";
import { accountState } from "../../domain/account";
import { homeOf } from "../../domain/id";
import { enter } from "../../domain/machine";
import { type HoldReason, payoutMachine } from "../../domain/payout";
import { done, type Result, refuse } from "../../domain/result";
import { retrieveAccount } from "../../stripe/accounts";
import { raise } from "../attention";
import { record } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { claim, type EffectOrder, openEffect } from "../effects";
import { raiseReceivable, reserveReceivable } from "./receivable";
import { failedPayout, payoutPaid, sendPayout } from "./send-payout";

/** A held payout is released by its cause; the clock looks all the same, should the release be lost. */
const heldLookMs = 6 * 60 * 60 * 1000;

/** An account has another lock: it may become able, and release what is held, just before the hold is written. */
const secondLookMs = 5_000;

/** One expert may have many payouts waiting: Stripe is not asked about the same account for each. */
const justAskedMs = 2_000;

/**
 * Does what a payout's state asks for (decisions O6, O10, O14): sends it when the expert can be paid and nothing speaks
 * against it, holds it otherwise, takes up a transfer whose outcome is open, books what could not be taken back.
 */
export async function advancePayout(
  deps: Deps,
  { testimonyId, payoutId }: Input<"advance-payout">,
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const payout = aggregate?.payouts.find((one) => one.id === payoutId);
  if (!aggregate || !payout) return refuse("testimony_unknown");
  if (payout.state === "due" || payout.state === "held") return send(deps, aggregate, payout);
  if (payout.state === "sending") return takeUp(deps, aggregate, payout);
  if (payout.state === "reversed" || payout.state === "cancelled") return closeReceivable(deps, payout);
  return done;
}

async function send(deps: Deps, aggregate: TestimonyAggregate, payout: Payout): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === payout.checkoutId);
  const [[account]] = await deps.db.batch([selectPayoutAccount(deps.db, payout.expertId)]);
  const hold = disputeHold(aggregate, payout) ?? (await waitsFor(deps, payout, account));
  if (hold) return holdBack(deps, aggregate, payout, hold);
  // The charge settles in our currency, or nothing is sent: the fee's currency tells.
  if (!checkout?.chargeId) return refuse("state_wrong", "a payout without a charge");
  if (checkout.feeMinor === null) return failOrWait(deps, aggregate, payout, checkout);

  const nettedMinor = await reserveReceivable(deps, payout);
  const amountMinor = payout.amountMinor - nettedMinor;
  const sending = { ...payout, state: enter(payoutMachine, "send", payout.state, "clock"), nettedMinor, reason: null };
  if (amountMinor === 0) {
    await record(deps, aggregate, payoutPaid(deps, sending, "clock"));
    return done;
  }
  const order: EffectOrder = {
    aggregateId: payout.testimonyId,
    id: deps.newId(homeOf(payout.testimonyId)),
    kind: "create-transfer",
    subjectId: payout.id,
    params: {
      payoutId: payout.id,
      testimonyId: payout.testimonyId,
      offerId: checkout.offerId,
      amountMinor,
      currency: payout.currency,
      destination: account?.stripeAccountId,
      chargeId: checkout.chargeId,
    },
  };
  const claimed = await record(deps, aggregate, {
    name: "send-payout",
    actor: "clock",
    data: { payoutId: payout.id, amountMinor, nettedMinor },
    rows: [
      updatePayout(deps.db, payout, { state: sending.state, nettedMinor, reason: null, dueAt: null }),
      claim(deps, order),
    ],
  });
  return sendPayout(deps, claimed, sending, openEffect(deps, order));
}

/** Money that the bank withholds, or has given back, is not ours to pass on (decisions O14). */
function disputeHold({ disputes }: TestimonyAggregate, payout: Payout): HoldReason | undefined {
  const states = disputes.filter((one) => one.checkoutId === payout.checkoutId).map((one) => one.state);
  if (states.includes("lost")) return "dispute_lost";
  return states.includes("open") ? "dispute_open" : undefined;
}

/** No money waits on what we remember of an account: the event that told us better may have been lost (decisions X12). */
async function waitsFor(
  deps: Deps,
  payout: Payout,
  account: PayoutAccount | undefined,
): Promise<HoldReason | undefined> {
  if (!account?.stripeAccountId) return "account_missing";
  if (account.state === "ready") return undefined;
  const wasJustAsked = account.checkedAt !== null && deps.nowMs() - account.checkedAt < justAskedMs;
  if (wasJustAsked && payout.state === "held") return "account_not_ready";
  const asked = await retrieveAccount(deps.stripe, account.stripeAccountId);
  if (!asked.ok || accountState(asked.value, "payouts") !== "ready") return "account_not_ready";
  await deps.nudge([{ name: "check-payout-account", input: { userId: account.userId } }]);
  return undefined;
}

async function takeUp(deps: Deps, aggregate: TestimonyAggregate, payout: Payout): Promise<Result<null>> {
  const effect = aggregate.openEffects.find((one) => one.kind === "create-transfer" && one.subjectId === payout.id);
  return effect ? sendPayout(deps, aggregate, payout, effect) : done;
}

async function holdBack(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  reason: HoldReason,
): Promise<Result<null>> {
  if (payout.state === "held" && payout.reason === reason) {
    await write(deps.db, [updatePayout(deps.db, payout, { dueAt: deps.nowMs() + heldLookMs })]);
    return done;
  }
  const dueAt = deps.nowMs() + secondLookMs;
  const ids = { testimonyId: payout.testimonyId, payoutId: payout.id, expertId: payout.expertId };
  await record(deps, aggregate, {
    name: "hold-payout",
    actor: "clock",
    data: { payoutId: payout.id, reason },
    rows: [
      updatePayout(deps.db, payout, { state: enter(payoutMachine, "hold", payout.state, "clock"), reason, dueAt }),
      insertNotification(deps.db, {
        userId: payout.expertId,
        id: deps.newId(homeOf(payout.expertId)),
        type: "payout.held",
        data: { testimonyId: payout.testimonyId, payoutId: payout.id, reason },
        createdAt: deps.nowMs(),
      }),
    ],
    events: [{ type: "payout.held", data: { ...ids, reason } }],
  });
  return done;
}

/** The fee is not known yet, and the clock still asks: wait for it. It is in another currency: an operator must look. */
async function failOrWait(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  checkout: Checkout,
): Promise<Result<null>> {
  if (checkout.dueAt !== null) {
    await write(deps.db, [updatePayout(deps.db, payout, { dueAt: deps.nowMs() + 10 * 60_000 })]);
    return done;
  }
  const reason = "settlement_currency";
  const ids = { testimonyId: payout.testimonyId, payoutId: payout.id, expertId: payout.expertId };
  await record(deps, aggregate, {
    name: "fail-payout",
    actor: "clock",
    data: { payoutId: payout.id, reason },
    rows: [
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "fail", payout.state, "clock"),
        reason,
        dueAt: null,
      }),
      raise(deps, payout.testimonyId, failedPayout(payout, reason)),
    ],
    events: [{ type: "payout.failed", data: { ...ids, reason } }],
  });
  return done;
}

/** What a reversed payout leaves owing, or a cancelled one had reserved, goes to the expert's account with us, once. */
async function closeReceivable(deps: Deps, payout: Payout): Promise<Result<null>> {
  if (payout.dueAt === null) return done;
  await raiseReceivable(deps, payout);
  await write(deps.db, [updatePayout(deps.db, payout, { dueAt: null })]);
  return done;
}
