import * as fc from "fast-check";
import { cards } from "../journey";
import { type FaultAction, outage } from "./fault-steps";
import {
  closeDispute,
  dispute,
  endRefund,
  type OffersAction,
  refundAtStripe,
  refundPart,
  releasePayout,
} from "./offers-steps";
import { endPaymentRefund, type PaymentsAction } from "./payments-steps";

/*
 * Groups of steps that belong together, for late and out-of-band changes at moments that single steps seldom meet.
 * Shrinking can still leave out a step.
 */

type Steps<A> = fc.Arbitrary<(A | FaultAction)[]>;

const newest = fc.constant(-1);
const offer = fc.nat({ max: 5 });
const minute = 60;
const day = 24 * 60 * minute;

/** How the newest payment's money goes away again, in part or completely, for good or not. */
const lost: Steps<OffersAction> = fc.oneof(
  fc.tuple(refundAtStripe(newest)),
  fc.tuple(dispute(newest)),
  fc.tuple(dispute(newest), closeDispute(newest)),
  fc.tuple(refundAtStripe(newest), fc.constant(clock(day)), endRefund(newest)),
);

const heard = fc.constantFrom<"deliver" | "drop" | "hold">("deliver", "drop", "hold");

function clock(seconds: number): FaultAction {
  return { do: "clock", seconds };
}

function events(mode: "deliver" | "drop" | "hold"): FaultAction {
  return { do: "events", mode };
}

function buy(at: number, confirm: boolean): OffersAction {
  return { do: "buy", offer: at, card: cards.good, confirm };
}

/** An operator's decision; null for none. */
const decision: fc.Arbitrary<OffersAction | null> = fc.oneof(
  fc.constant(null),
  releasePayout(fc.nat({ max: 1 })),
  refundPart(fc.nat({ max: 1 })),
);

/** The payment's events are lost, its money goes away, and then its client returns, or the clock asks. */
const beforeAcceptance: Steps<OffersAction> = fc
  .record({ at: offer, loss: lost, mode: heard, comesBack: fc.boolean() })
  .map(({ at, loss, mode, comesBack }) => [
    events("drop"),
    buy(at, false),
    ...loss,
    events(mode),
    comesBack ? { do: "accept", session: -1, by: "owner", key: null } : clock(11 * minute),
    events("deliver"),
  ]);

/** The expert cannot be paid yet, the money goes away, and then the expert can be paid. */
const whileHeld: Steps<OffersAction> = fc
  .record({ at: offer, loss: lost, mode: heard, opensAgain: fc.boolean(), decides: decision })
  .map(({ at, loss, mode, opensAgain, decides }) => [
    ...[0, 1].map(
      (expert): OffersAction =>
        opensAgain ? { do: "deauthorize", expert: 0 } : { do: "set-capability", expert, active: false },
    ),
    clock(10),
    buy(at, true),
    clock(10),
    events(mode),
    ...loss,
    ...[0, 1].map(
      (expert): OffersAction =>
        opensAgain ? { do: "onboard", expert, finish: true } : { do: "set-capability", expert, active: true },
    ),
    clock(10),
    ...(decides ? [decides] : []),
    clock(7 * 60 * minute),
    events("deliver"),
  ]);

/** The payout waits for its release, the money goes away or not, and then its day comes, or the work is done. */
const whileUnreleased: Steps<OffersAction> = fc
  .record({
    at: offer,
    loss: fc.oneof(fc.constant([]), lost),
    mode: heard,
    decides: decision,
    waits: fc.constantFrom(1, 7, 61).map((days) => days * day + 60),
    completes: fc.boolean(),
  })
  .map(({ at, loss, mode, decides, waits, completes }) => [
    buy(at, true),
    clock(10),
    events(mode),
    ...loss,
    clock(10),
    ...(decides ? [decides] : []),
    clock(waits),
    ...(completes ? [{ do: "complete", testimony: -1 } satisfies OffersAction] : []),
    clock(10),
    events("deliver"),
  ]);

const afterPayout: Steps<OffersAction> = fc
  .record({ at: offer, loss: lost, mode: heard })
  .map(({ at, loss, mode }) => [
    buy(at, true),
    clock(10),
    events(mode),
    ...loss,
    clock(11 * minute),
    events("deliver"),
  ]);

/** Stripe is down in the middle of it, for hours. */
const throughOutage: Steps<OffersAction> = fc
  .record({ at: offer, down: outage, confirm: fc.boolean() })
  .map(({ at, down, confirm }) => [
    buy(at, confirm),
    down,
    clock(10),
    buy(at + 1, confirm),
    clock(down.hours * 30 * minute),
    clock(down.hours * 30 * minute),
    clock(2 * minute),
  ]);

/** An operator gives up what an outage has left pending: it is not sent any more, and ends a day later. */
function givenUp<A>(begun: (at: number) => A): Steps<A> {
  return fc
    .record({ at: offer, down: outage, call: fc.nat({ max: 2 }), mode: heard })
    .map(({ at, down, call, mode }) => [
      down,
      events(mode),
      begun(at),
      { do: "settle-call", call },
      clock(10),
      clock(day + 2 * minute),
      { do: "settle-call", call },
      clock(10),
      events("deliver"),
    ]);
}

export const lateInOffers = fc.oneof(
  { weight: 2, arbitrary: beforeAcceptance },
  { weight: 2, arbitrary: whileHeld },
  { weight: 2, arbitrary: whileUnreleased },
  { weight: 1, arbitrary: afterPayout },
  { weight: 1, arbitrary: throughOutage },
  { weight: 1, arbitrary: givenUp((at) => buy(at, true)) },
);

const order = fc.nat({ max: 2 });

function charge(at: number, method: string): Extract<PaymentsAction, { do: "charge" }> {
  return { do: "charge", order: at, shopper: 0, manual: false, method };
}

/** A full refund fails sooner or later, and the order is to be paid again. */
const refundFails: Steps<PaymentsAction> = fc
  .record({
    at: order,
    method: fc.constantFrom("pm_card_refundFail", "pm_card_pendingRefund", "pm_card_visa"),
    waits: fc.constantFrom(0, 70, day),
    end: endPaymentRefund(newest),
    mode: heard,
  })
  .map(({ at, method, waits, end, mode }) => [
    charge(at, method),
    events(mode),
    { do: "refund-payment", payment: -1, percent: null, by: "owner", key: null },
    clock(waits),
    end,
    charge(at, "pm_card_visa"),
    clock(10),
    charge(at, "pm_card_visa"),
    events("deliver"),
  ]);

const paidThroughOutage: Steps<PaymentsAction> = fc
  .record({ at: order, down: outage })
  .map(({ at, down }) => [
    charge(at, "pm_card_visa"),
    down,
    { do: "refund-payment", payment: -1, percent: null, by: "owner", key: null },
    charge(at + 1, "pm_card_visa"),
    clock(down.hours * 30 * minute),
    clock(down.hours * 30 * minute),
    clock(2 * minute),
  ]);

/**
 * A reserved payment is not captured: the end of its authorisation is announced, and comes after a week; or somebody
 * captures it at the last moment.
 */
const reservationEnds: Steps<PaymentsAction> = fc
  .record({
    at: order,
    mode: heard,
    lastDay: fc.constantFrom(20, 25).map((hours) => hours * 60 * minute),
    captures: fc.boolean(),
  })
  .map(({ at, mode, lastDay, captures }) => [
    { ...charge(at, "pm_card_visa"), manual: true },
    events(mode),
    clock(6 * day + 60),
    clock(lastDay),
    ...(captures
      ? [{ do: "capture-payment", payment: -1, percent: null, by: "owner", key: null } satisfies PaymentsAction]
      : []),
    clock(2 * day),
    events("deliver"),
  ]);

export const lateInPayments = fc.oneof(
  { weight: 2, arbitrary: refundFails },
  { weight: 1, arbitrary: paidThroughOutage },
  { weight: 1, arbitrary: reservationEnds },
  { weight: 1, arbitrary: givenUp((at) => charge(at, "pm_card_visa")) },
);
