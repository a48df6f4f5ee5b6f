import { type Statement, write } from "../../db/database";
import {
  insertPaymentRefund,
  moveUpPayment,
  type OtherPayment,
  type Payment,
  type PaymentAggregate,
  savePaymentDispute,
  updatePayment,
  updatePaymentRefund,
} from "../../db/payments/payments";
import { noteStripeObject } from "../../db/stripe-objects";
import { mayAsk } from "../../domain/payments/payment";
import type { Result } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUp } from "../follow-ups";
import { cancellationOf } from "./orphaned-payment";
import { attentionRows } from "./payment-attention";
import { eventsOf } from "./payment-events";
import { paymentPostings } from "./payment-postings";
import { type Circumstances, type PaymentRows, reducePayment } from "./reduce-payment";
import { type StripeSnapshot, withFee, withFeeOfGone } from "./stripe-snapshot";

/** The reason for which a payment is settled, and what else belongs into the change. */
export interface Cause extends Circumstances {
  name: string;
  data?: Record<string, unknown>;
  rows?: readonly Statement[];
  /** The answer to store, if this change answers a request. */
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/** Delay after which the clock checks superseded payments, in case the job that ends them is lost. */
const graceMs = 10_000;

/**
 * Brings a payment to what Stripe reports: its state, its refunds and disputes, the postings and the events, in one
 * change. All sources (a request, an event, the clock) use this function, so facts may come twice and in any order.
 * Nothing is written if nothing is new.
 */
export async function settlePayment(
  deps: Deps,
  aggregate: PaymentAggregate,
  answered: StripeSnapshot,
  cause: Cause,
): Promise<PaymentAggregate> {
  const snapshot = await (cause.gone ? withFeeOfGone : withFee)(deps, aggregate, answered);
  const before: PaymentRows = aggregate;
  const after = reducePayment(deps, aggregate, snapshot, cause);
  const rows = [
    ...changedRows(deps, before, after),
    ...placeRows(deps, aggregate, after),
    ...attentionRows(deps, aggregate, after),
    ...(cause.rows ?? []),
  ];
  const look = nextPoll(deps, aggregate.payment, after.payment);
  const postings = paymentPostings(aggregate, snapshot);
  const { beside } = aggregate;
  const events = eventsOf(before, after, { declined: cause.declined !== undefined, beside });
  const settled = { ...aggregate, ...after };
  if (rows.length === 0 && postings.length === 0 && events.length === 0) {
    await write(deps.db, look);
    await endOrphaned(deps, settled, { isNew: false });
    return settled;
  }
  const position = await appendChange(deps, aggregate, {
    name: cause.name,
    actor: cause.actor,
    data: { state: after.payment.state, ...cause.data },
    rows: isChanged(aggregate.payment, after.payment) ? rows : [...rows, ...look],
    postings,
    events,
    ...(cause.answer ? { answer: cause.answer(settled) } : {}),
  });
  await endOrphaned(deps, settled, { isNew: true });
  await deps.enqueueCommands(supersededBy(aggregate, after));
  return { ...settled, version: position.version, sequence: position.sequence };
}

/**
 * Writes the time of the next check. This is no change: nothing is published, and the journal does not grow with every
 * check.
 */
function nextPoll({ db }: Deps, before: Payment, { id, dueAt }: Payment): Statement[] {
  return before.dueAt === dueAt ? [] : [updatePayment(db, id, { dueAt })];
}

/**
 * Enqueues the command that ends a payment. If nothing is new, the first such command for a refund may have been lost.
 */
async function endOrphaned(deps: Deps, settled: PaymentAggregate, { isNew }: { isNew: boolean }): Promise<void> {
  const ending = cancellationOf(settled.payment, settled);
  if (ending && (isNew || ending.name === "refund-payment")) await deps.enqueueCommands([ending]);
}

/**
 * Makes the statements that turn one state of a payment into another. A new time of the next check alone is no change.
 */
function changedRows(deps: Deps, before: PaymentRows, after: PaymentRows): Statement[] {
  return [
    ...paymentRows(deps, before.payment, after.payment),
    ...refundRows(deps, before, after),
    ...disputeRows(deps, before, after),
  ];
}

function* paymentRows({ db, nowMs }: Deps, before: Payment, after: Payment): Generator<Statement> {
  if (isChanged(before, after)) {
    yield updatePayment(db, after.id, { ...differences(before, after), updatedAt: nowMs() });
  }
  if (before.stripeId === null && after.stripeId !== null) {
    yield noteStripeObject(db, after.stripeId, { aggregateId: after.id, subjectId: after.id });
  }
}

/** Tells whether more of a payment has changed than the time of its next check. */
function isChanged(before: Payment, after: Payment): boolean {
  return Object.keys(differences(before, after)).some((name) => name !== "dueAt");
}

function* refundRows({ db }: Deps, before: PaymentRows, after: PaymentRows): Generator<Statement> {
  for (const refund of after.refunds) {
    const known = before.refunds.find(({ id }) => id === refund.id);
    const changes = known && differences(known, refund);
    if (!changes) yield insertPaymentRefund(db, refund);
    else if (Object.keys(changes).length > 0) yield updatePaymentRefund(db, refund, changes);
  }
}

function* disputeRows({ db }: Deps, before: PaymentRows, after: PaymentRows): Generator<Statement> {
  for (const dispute of after.disputes) {
    const known = before.disputes.find(({ stripeId }) => stripeId === dispute.stripeId);
    if (!known || Object.keys(differences(known, dispute)).length > 0) yield savePaymentDispute(db, dispute);
  }
}

/** Returns the members that differ. */
function differences<T extends object>(before: T, after: T): Partial<T> {
  const differing = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof T]),
  );
  return Object.fromEntries(differing) as Partial<T>;
}

/**
 * Makes the rows that a payment changes of the others of its order. When it leaves the first place, the next one moves
 * up. When its money is here again, those that could still be paid are superseded.
 */
function placeRows({ db, nowMs }: Deps, before: PaymentAggregate, { payment }: PaymentRows): Statement[] {
  const leaves = before.payment.live === 1 && payment.live === null;
  return [
    ...(leaves ? [moveUpPayment(db, payment)] : []),
    ...superseded(before, payment).map(({ id }) => updatePayment(db, id, { dueAt: nowMs() + graceMs })),
  ];
}

/** Lists the checks that end the superseded payments. */
function supersededBy(before: PaymentAggregate, { payment }: PaymentRows): FollowUp[] {
  const { developerId, appId, orderId } = payment;
  return superseded(before, payment).map(({ id: paymentId }) => ({
    name: "check-payment",
    input: { developerId, appId, orderId, paymentId, about: "everything" },
  }));
}

function superseded({ payment: before, beside }: PaymentAggregate, after: PaymentRows["payment"]): OtherPayment[] {
  const isBack = before.live === null && after.live !== null && after.state === "succeeded";
  return isBack ? beside.filter(({ state }) => mayAsk("cancel", state) && state !== "requires_capture") : [];
}
