import type { Statement } from "../../db/database";
import {
  insertPaymentRefund,
  type Payment,
  savePaymentDispute,
  updatePayment,
  updatePaymentRefund,
} from "../../db/payments/payments";
import { noteStripeObject } from "../../db/stripe-objects";
import type { Deps } from "../deps";
import type { PaymentRows } from "./payment-events";

/**
 * Makes the statements that turn one state of a payment into another. A new time of the next check alone is no change.
 */
export function changedRows(deps: Deps, before: PaymentRows, after: PaymentRows): Statement[] {
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
export function isChanged(before: Payment, after: Payment): boolean {
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
