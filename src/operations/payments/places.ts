import type { Statement } from "../../db/database";
import { moveUpPayment, type OtherPayment, type PaymentAggregate, updatePayment } from "../../db/payments/payments";
import { mayAsk } from "../../domain/payments/payment";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import type { PaymentRows } from "./payment-events";

/** Delay after which the clock checks superseded payments, in case the job that ends them is lost. */
const graceMs = 10_000;

/**
 * Makes the rows that a payment changes of the others of its order. When it leaves the first place, the next one moves
 * up. When its money is here again, those that could still be paid are superseded.
 */
export function placeRows({ db, nowMs }: Deps, before: PaymentAggregate, { payment }: PaymentRows): Statement[] {
  const leaves = before.payment.live === 1 && payment.live === null;
  return [
    ...(leaves ? [moveUpPayment(db, payment)] : []),
    ...superseded(before, payment).map(({ id }) => updatePayment(db, id, { dueAt: nowMs() + graceMs })),
  ];
}

/** Lists the checks that end the superseded payments. */
export function supersededBy(before: PaymentAggregate, { payment }: PaymentRows): Command[] {
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
