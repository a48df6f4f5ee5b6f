import { type Statement, write } from "../../db/database";
import type { PaymentError } from "../../db/payment-tables";
import {
  type Payment,
  type PaymentAggregate,
  type PaymentDispute,
  type PaymentRefund,
  updatePayment,
} from "../../db/payments";
import { type Actor, enter } from "../../domain/machine";
import { isLive, paymentMachine } from "../../domain/payment";
import type { Result } from "../../domain/result";
import type { DisputeFacts } from "../../stripe/disputes";
import { record } from "../change";
import type { Deps } from "../deps";
import { changedRows } from "./changed-rows";
import { followIntent } from "./follow-intent";
import { followRefunds, refundedOf } from "./follow-refunds";
import { nextLookAtMs, warningMs } from "./next-look";
import { newsOf, type Picture } from "./payment-news";
import { paymentPostings, type Told } from "./payment-postings";

/** Why a payment is looked at, and what else belongs into the change. */
export interface Cause {
  name: string;
  actor: Actor;
  data?: Record<string, unknown>;
  rows?: readonly Statement[];
  /** The card was refused just now. */
  declined?: PaymentError;
  /** Stripe would not make it. */
  refused?: true;
  /** A refund that Stripe would not make, and its reason. */
  refusedRefund?: { id: string; failure: string };
  /** The answer to remember, if this is what a request asked for. */
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/**
 * Brings a payment to what Stripe has told: its state, its refunds and disputes, the books, and who hears of it, in one
 * change. Whoever asked — the caller of a verb, an event, the clock — passes here, so facts may come twice and in any
 * order. Nothing is written when nothing is new.
 */
export async function settlePayment(
  deps: Deps,
  aggregate: PaymentAggregate,
  told: Told,
  cause: Cause,
): Promise<PaymentAggregate> {
  const before: Picture = aggregate;
  const after = pictureAfter(deps, aggregate, told, cause);
  const rows = [...changedRows(deps, before, after), ...(cause.rows ?? [])];
  const postings = paymentPostings(aggregate, told);
  const events = newsOf(before, after, { declined: cause.declined !== undefined });
  const settled = { ...aggregate, ...after };
  if (rows.length === 0 && postings.length === 0 && events.length === 0) {
    await lookAgain(deps, aggregate.payment, after.payment);
    return settled;
  }
  const position = await record(deps, aggregate, {
    name: cause.name,
    actor: cause.actor,
    data: { state: after.payment.state, ...cause.data },
    rows,
    postings,
    events,
    ...(cause.answer ? { answer: cause.answer(settled) } : {}),
  });
  await giveBackWhatIsNotWanted(deps, settled);
  return { ...settled, version: position.version, sequence: position.sequence };
}

/** When to look next is no change: nobody is told, and the journal does not grow with every look. */
async function lookAgain(deps: Deps, before: Payment, { id, dueAt }: Payment): Promise<void> {
  if (before.dueAt !== dueAt) await write(deps.db, [updatePayment(deps.db, id, { dueAt })]);
}

function pictureAfter(deps: Deps, aggregate: PaymentAggregate, told: Told, cause: Cause) {
  const { actor } = cause;
  const followed = told.intent ? followIntent(aggregate.payment, told.intent, actor) : aggregate.payment;
  const marked = cause.refused
    ? { ...followed, state: enter(paymentMachine, "refuse", followed.state, actor) }
    : followed;
  const failed = cause.declined ? { ...marked, lastError: cause.declined, nextAction: null } : marked;
  const warned = isExpiring(failed, deps.nowMs()) ? { ...failed, warnedAt: deps.nowMs() } : failed;
  const refused = aggregate.refunds.map((one) => withoutRefused(one, cause));
  const refunds = followRefunds(deps, warned, refused, told.refunds ?? []);
  const disputes = followDisputes(aggregate, told.disputes ?? [], deps.nowMs());
  const counted = { ...warned, refundedMinor: refundedOf(warned, refunds) };
  const payment = {
    ...counted,
    // What no longer stands does not come back, should its refund fail: its order may have another payment by now.
    live: counted.live === 1 && isLive(counted) ? 1 : null,
    dueAt: dueAtOf(counted, aggregate, { refunds, disputes }, deps.nowMs()),
  };
  return { payment, refunds, disputes };
}

function isExpiring({ state, captureBefore, warnedAt }: Payment, nowMs: number): boolean {
  return (
    state === "requires_capture" && captureBefore !== null && warnedAt === null && nowMs >= captureBefore - warningMs
  );
}

function withoutRefused(refund: PaymentRefund, { refusedRefund }: Cause): PaymentRefund {
  if (refund.id !== refusedRefund?.id) return refund;
  return { ...refund, state: "failed", failure: refusedRefund.failure };
}

function followDisputes({ payment, disputes }: PaymentAggregate, told: readonly DisputeFacts[], nowMs: number) {
  const heard = told.map(
    ({ id, state, currency, amountMinor }): PaymentDispute => ({
      paymentId: payment.id,
      stripeId: id,
      state,
      currency,
      amountMinor,
      createdAt: disputes.find(({ stripeId }) => stripeId === id)?.createdAt ?? nowMs,
    }),
  );
  return [...disputes.filter(({ stripeId }) => !heard.some((one) => one.stripeId === stripeId)), ...heard];
}

const unwantedReason = "order_cancelled";

/** Money for an order that was cancelled is given back at once; should that request be lost, soon. */
const unwantedLookMs = 60_000;

function dueAtOf(
  payment: Payment,
  { orderCancelled }: PaymentAggregate,
  open: { refunds: PaymentRefund[]; disputes: PaymentDispute[] },
  nowMs: number,
): number | null {
  if (isUnwanted(payment, orderCancelled, open.refunds)) return nowMs + unwantedLookMs;
  return nextLookAtMs(payment, open, nowMs);
}

function isUnwanted(payment: Payment, orderCancelled: boolean, refunds: readonly PaymentRefund[]): boolean {
  // Once: what Stripe refuses to give back is told to the developer, and not tried for ever.
  if (!orderCancelled || refunds.some(({ reason }) => reason === unwantedReason)) return false;
  const hasMoney = payment.state === "succeeded" && payment.refundedMinor < payment.capturedMinor;
  return hasMoney || payment.state === "requires_capture";
}

/** A delayed method may bring money after its order was cancelled: it goes back by itself. */
async function giveBackWhatIsNotWanted(deps: Deps, { payment, refunds, orderCancelled }: PaymentAggregate) {
  if (!isUnwanted(payment, orderCancelled, refunds)) return;
  const { developerId, appId, orderId } = payment;
  const input = { developerId, appId, orderId, userId: undefined, accountId: undefined, amountMinor: undefined };
  await deps.nudge([{ name: "refund-payment", input: { ...input, reason: unwantedReason } }]);
}
