import type { Statement } from "../../db/database";
import { moveUpPayment, type OtherPayment, type PaymentAggregate, updatePayment } from "../../db/payments";
import { mayAsk } from "../../domain/payment";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import type { Picture } from "./payment-news";

/** Should the request for their end be lost, the clock looks at superseded payments after this long. */
const graceMs = 10_000;

/**
 * What a payment changes for the others of its order. One that leaves the first place leaves it to the next. One whose
 * money is here again supersedes those that could still be paid.
 */
export function placeRows({ db, nowMs }: Deps, before: PaymentAggregate, { payment }: Picture): Statement[] {
  const leaves = before.payment.live === 1 && payment.live === null;
  return [
    ...(leaves ? [moveUpPayment(db, payment)] : []),
    ...superseded(before, payment).map(({ id }) => updatePayment(db, id, { dueAt: nowMs() + graceMs })),
  ];
}

/** The looks that end what a payment supersedes. */
export function supersededBy(before: PaymentAggregate, { payment }: Picture): Command[] {
  const { developerId, appId, orderId } = payment;
  return superseded(before, payment).map(({ id: paymentId }) => ({
    name: "check-payment",
    input: { developerId, appId, orderId, paymentId, about: "everything" },
  }));
}

function superseded({ payment: before, beside }: PaymentAggregate, after: Picture["payment"]): OtherPayment[] {
  const isBack = before.live === null && after.live !== null && after.state === "succeeded";
  return isBack ? beside.filter(({ state }) => mayAsk("cancel", state) && state !== "requires_capture") : [];
}
