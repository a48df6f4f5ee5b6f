import { type Statement, write } from "../../db/database";
import { type Checkout, loadTestimony, type TestimonyAggregate, updateCheckout } from "../../db/offers/testimonies";
import { move } from "../../domain/ledger";
import { enter } from "../../domain/machine";
import type { ChargeMoney } from "../../domain/offers/charge";
import { checkoutMachine, feePollAtMs } from "../../domain/offers/checkout";
import { done, type Result, refuse } from "../../domain/result";
import { hourMs } from "../../domain/time";
import { clear } from "../attention";
import { appendChange, type NextChange } from "../change";
import type { Deps } from "../deps";
import { readCharge } from "./read-charge";
import { recordRefundAtStripe } from "./record-refund-at-stripe";
import { reserveRefund, returnedEvent } from "./reserve-refund";

/** Interval of the clock's checks during a dispute, in case the event that ends it is lost. */
const disputePollMs = 6 * hourMs;
const soonMs = 60_000;

/** The next step of a payment that is being returned. */
type NextReturn = { end: "wait" } | { end: "returned"; byBankMinor: number } | { end: "return"; amountMinor: number };

/**
 * Decides what the client is still owed of a payment that is being returned: nothing any more, a rest, or a rest that a
 * dispute withholds.
 */
export function nextReturn(checkout: Checkout, money: ChargeMoney): NextReturn {
  const owedMinor = checkout.totalMinor - checkout.refundedMinor - money.refundedPastUsMinor;
  const restMinor = owedMinor - money.lostMinor;
  // An out-of-band refund that waits for funds may still fail: the amount stays owed until its money has moved.
  if (restMinor <= 0 && money.waitingPastUsMinor > 0) return { end: "wait" };
  // A bank that decided for the client has returned its part already.
  if (restMinor <= 0) return { end: "returned", byBankMinor: Math.max(0, Math.min(money.lostMinor, owedMinor)) };
  return money.hasOpenDispute ? { end: "wait" } : { end: "return", amountMinor: restMinor };
}

/** Continues a payment that is being returned and has no refund under way: asks Stripe what is still to return. */
export async function returnRest(
  deps: Deps,
  { testimonyId, checkoutId }: { testimonyId: string; checkoutId: string },
): Promise<Result<null>> {
  const { reservation: _, ...withoutReservation } = deps; // the request's answer is not written by this
  const booked = await recordRefundAtStripe(withoutReservation, { testimonyId, checkoutId });
  const aggregate = await loadTestimony(deps.db, testimonyId);
  const checkout = aggregate?.checkouts.find((one) => one.id === checkoutId);
  if (!aggregate || checkout?.state !== "returning") return done;
  const isOpen = aggregate.refunds.some(
    (one) => one.checkoutId === checkoutId && (one.state === "claimed" || one.state === "pending"),
  );
  if (isOpen) return done;
  const asked = booked.ok ? await readCharge(deps, aggregate, checkout) : undefined;
  if (!asked?.ok) {
    await write(deps.db, [updateCheckout(deps.db, checkout, { dueAt: deps.nowMs() + soonMs })]);
    return refuse("stripe_unavailable", asked?.failure.message);
  }
  const next = nextReturn(checkout, asked.value.money);
  const reason = checkout.returnReason ?? aggregate.testimony.cancellationReason ?? "refund";
  if (next.end === "wait") return waitForDispute(withoutReservation, aggregate, checkout, []);
  if (next.end === "return") return returnPart(withoutReservation, aggregate, checkout, reason, next.amountMinor, []);
  await appendChange(withoutReservation, aggregate, restReturned(deps, checkout, reason, next.byBankMinor));
  return done;
}

/**
 * Waits for a dispute: nothing can be refunded while the bank has not decided, and the rest is returned then. `rows`
 * are further rows of the same change.
 */
export async function waitForDispute(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  rows: Statement[],
): Promise<Result<null>> {
  const row = updateCheckout(deps.db, checkout, { dueAt: deps.nowMs() + disputePollMs });
  if (rows.length === 0) {
    await write(deps.db, [row]);
    return done;
  }
  await appendChange(deps, aggregate, {
    name: "return-waits",
    actor: "stripe",
    data: { checkoutId: checkout.id },
    rows: [...rows, row],
  });
  return done;
}

/** Requests the refund of the rest. `rows` are further rows of the same change. */
export async function returnPart(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  reason: string,
  amountMinor: number,
  rows: Statement[],
): Promise<Result<null>> {
  const rest = reserveRefund(deps, checkout, checkout.paymentIntentId ?? "", reason, amountMinor);
  await appendChange(deps, aggregate, {
    name: "return-rest",
    actor: "stripe",
    data: { checkoutId: checkout.id, refundId: rest.refundId, amountMinor },
    rows: [...rows, ...rest.rows, updateCheckout(deps.db, checkout, { dueAt: feePollAtMs(checkout, deps.nowMs()) })],
    events: [rest.event],
  });
  await deps.enqueueCommands([rest.command]);
  return done;
}

/** Makes the change for a client who has everything back: the last of it by this refund, or out-of-band. */
export function restReturned(
  deps: Deps,
  checkout: Checkout,
  reason: string,
  byBankMinor: number,
  refundId?: string,
  amountMinor = checkout.totalMinor,
): NextChange {
  const ids = {
    testimonyId: checkout.testimonyId,
    checkoutId: checkout.id,
    ...(refundId === undefined ? {} : { refundId }),
  };
  return {
    name: "refund-succeeded",
    actor: "stripe",
    data: ids,
    rows: [
      updateCheckout(deps.db, checkout, {
        state: enter(checkoutMachine, "return", checkout.state, "stripe"),
        dueAt: feePollAtMs(checkout, deps.nowMs()),
      }),
      clear(deps, checkout.testimonyId, "stripe", ["refund_failed"], { aboutId: checkout.id }),
    ],
    postings: move(byBankMinor, checkout.currency, { debit: "client_payable", credit: "dispute_losses" }),
    events: [returnedEvent(checkout, { amountMinor, reason, refundId })],
  };
}
