import { type Statement, write } from "../../db/database";
import type { Payout, TestimonyAggregate } from "../../db/offers/testimonies";
import { postponeEffect, renewEffect, type StripeEffect } from "../../db/stripe-effects";
import { bucketOf } from "../../domain/id";
import { done, type Result, refuse } from "../../domain/result";
import { dayMs } from "../../domain/time";
import { retrieveBalance } from "../../stripe/balance";
import type { StripeFailure } from "../../stripe/failure";
import { retrieveTransfer } from "../../stripe/transfers";
import { paramsOf } from "../call-params";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { reserveCall } from "../effects";
import type { FollowUp } from "../follow-ups";
import { type AskedRefund, isToBeReturned, reserveRefund } from "./reserve-refund";

/** Makes the pending call that reverses an amount of a payout's transfer, and the command that executes it. */
export function reserveReversal(
  deps: Deps,
  payout: Payout,
  amountMinor: number,
  isLast: boolean,
  refund: AskedRefund = {},
): { row: Statement; command: FollowUp } {
  const { testimonyId: aggregateId, id: payoutId, currency } = payout;
  const id = deps.newId(bucketOf(aggregateId));
  const transferId = payout.transferId ?? "";
  deps.rehearsal?.steps.push({ call: "reverse-transfer", object: transferId, amountMinor, currency });
  const params = { transferId, amountMinor, payoutId, isLast, refund };
  const row = reserveCall(deps, { aggregateId, id, kind: "reverse-transfer", subjectId: payoutId, params });
  return { row, command: { name: "resume-effect", input: { root: "testimony", aggregateId, effectId: id } } };
}

/** Sums what other pending reversals of a payout are to take back. */
export function reservedMinor({ openEffects }: TestimonyAggregate, payout: Payout, exceptId?: string): number {
  return openEffects
    .filter((one) => one.kind === "reverse-transfer" && one.subjectId === payout.id && one.id !== exceptId)
    .reduce((sum, one) => sum + paramsOf(one, "reverse-transfer").amountMinor, 0);
}

/** Charges settle within this time in most countries; later funds are not expected. */
const patienceMs = 7 * dayMs;

const tryAgainMs = dayMs / 4;

/**
 * Tells whether a reversal that the expert's available balance does not cover is worth another try: a transfer from a
 * charge that has not settled is still pending there. https://docs.stripe.com/connect/separate-charges-and-transfers
 */
export async function isWorthWaiting(
  deps: Deps,
  payout: Payout,
  effect: StripeEffect,
  { kind }: StripeFailure,
): Promise<boolean> {
  if (kind !== "insufficient_funds" || deps.nowMs() - effect.createdAt > patienceMs) return false;
  const transfer = await retrieveTransfer(deps.stripe, payout.transferId ?? "");
  if (!transfer.ok) return transfer.failure.meaning !== "refused";
  const balance = await retrieveBalance(deps.stripe, transfer.value.destination ?? "");
  if (!balance.ok) return balance.failure.meaning !== "refused";
  return (balance.value.get(payout.currency)?.pendingMinor ?? 0) > 0;
}

/**
 * Schedules the reversal again, under a new key, because Stripe keeps the refusal under the old one. The client does
 * not wait for the expert's funds: if the whole payout is taken back, the refund is requested at once.
 */
export async function awaitReversal(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  effect: StripeEffect,
  { kind, message }: StripeFailure,
): Promise<Result<null>> {
  const checkout = aggregate.checkouts.find((one) => one.id === payout.checkoutId);
  if (!checkout?.paymentIntentId) return refuse("testimony_unknown");
  const nowMs = deps.nowMs();
  const { attempts, generation } = effect;
  const renewed = { generation: generation + 1, sentAt: nowMs };
  const later = [
    renewEffect(deps.db, effect, renewed),
    postponeEffect(
      deps.db,
      { ...effect, ...renewed },
      { attempts, dueAt: nowMs + tryAgainMs, failure: `${kind}: ${message}` },
    ),
  ] as const;
  const isOwed = paramsOf(effect, "reverse-transfer").isLast && isToBeReturned(checkout);
  if (!isOwed) {
    await write(deps.db, later);
    return done;
  }
  const reason = aggregate.testimony.cancellationReason ?? "refund";
  const refund = reserveRefund(deps, checkout, checkout.paymentIntentId, reason);
  await appendChange(deps, aggregate, {
    name: "await-reversal",
    actor: "stripe",
    data: { payoutId: payout.id, refundId: refund.refundId },
    rows: [...later, ...refund.rows],
    events: [refund.event],
  });
  await deps.enqueueCommands([refund.command]);
  return done;
}
