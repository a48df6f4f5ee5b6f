import type { Statement } from "../../db/database";
import { write } from "../../db/database";
import { insertNotification } from "../../db/notifications";
import {
  type Checkout,
  insertPayout,
  noteStripeObject,
  type TestimonyAggregate,
  updateCheckout,
  updateOffer,
  updateTestimony,
} from "../../db/testimonies";
import { checkoutMachine } from "../../domain/checkout";
import { homeOf } from "../../domain/id";
import { enter, step } from "../../domain/machine";
import { done, type Result, refuse } from "../../domain/result";
import { testimonyMachine } from "../../domain/testimony";
import { retrieveSession, type SessionFacts } from "../../stripe/checkout";
import { record } from "../change";
import type { Command, Payer } from "../commands";
import type { Deps } from "../deps";
import { bookEarlierNews } from "./book-earlier-news";
import { claimRefund } from "./claim-refund";
import { closeSessions } from "./close-sessions";
import { nextLookAtMs } from "./look-again";
import { allocationPostings, feePostings, paymentPostings } from "./payment-postings";

type Actor = Payer["actor"];
type PaidFacts = SessionFacts & { charge: NonNullable<SessionFacts["charge"]>; paymentIntentId: string };

/**
 * Brings a checkout to the state that its session has at Stripe: the one way in which a payment becomes an acceptance or
 * a refund, whether the client confirms, Stripe tells, or the clock asks (decisions O1–O3). The caller holds the lock.
 * Answers `done` when the acceptance that this session made stands.
 */
export async function settleCheckout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
): Promise<Result<null>> {
  switch (checkout.state) {
    case "claimed":
      return refuse("payment_incomplete"); // the session is not known to exist
    case "expired":
      return refuse("session_expired");
    case "failed":
      return refuse("payment_failed");
    case "open":
    case "processing":
      return askStripe(deps, aggregate, checkout, actor);
    default:
      await completeFee(deps, aggregate, checkout, actor);
      return stands(aggregate, checkout) ? done : refuse("session_used");
  }
}

/** Whether the acceptance that this checkout made still stands. */
function stands({ testimony }: TestimonyAggregate, checkout: Checkout): boolean {
  const isAccepted = testimony.state === "accepted" || testimony.state === "completed";
  return checkout.state === "accepted" && isAccepted && testimony.acceptedOfferId === checkout.offerId;
}

async function askStripe(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
): Promise<Result<null>> {
  if (checkout.sessionId === null) return refuse("session_unknown");
  const asked = await retrieveSession(deps.stripe, checkout.sessionId);
  if (!asked.ok) {
    const isUnknown = asked.failure.kind === "not_found";
    return wait(
      deps,
      checkout,
      actor,
      isUnknown ? refuse("session_unknown") : refuse("stripe_unavailable", asked.failure.message),
    );
  }
  const facts = asked.value;
  if (facts.status === "expired") return expire(deps, aggregate, checkout, actor);
  if (facts.status !== "complete") return wait(deps, checkout, actor, refuse("payment_incomplete"));
  if (facts.payment === "failed") return fail(deps, aggregate, checkout, actor);
  if (facts.payment === "unpaid") return process(deps, aggregate, checkout, actor);
  if (!fits(facts, checkout)) return flagMismatch(deps, aggregate, checkout, actor, facts);
  if (!isPaidInFull(facts)) return wait(deps, checkout, actor, refuse("stripe_unavailable", "paid without a charge"));
  return mayWin(aggregate, checkout, actor)
    ? win(deps, aggregate, checkout, actor, facts)
    : lose(deps, aggregate, checkout, actor, facts);
}

/** Never trust the browser, nor a session that is not exactly ours: mode, amount, currency and the ids bound to it. */
function fits(facts: SessionFacts, checkout: Checkout): boolean {
  return (
    facts.mode === "payment" &&
    facts.totalMinor === checkout.totalMinor &&
    facts.currency === checkout.currency &&
    facts.metadata.checkout_id === checkout.id &&
    facts.metadata.offer_id === checkout.offerId &&
    facts.metadata.testimony_id === checkout.testimonyId &&
    facts.metadata.client_id === checkout.clientId
  );
}

function isPaidInFull(facts: SessionFacts): facts is PaidFacts {
  return facts.charge !== null && facts.paymentIntentId !== null;
}

function mayWin({ testimony, offers }: TestimonyAggregate, checkout: Checkout, actor: Actor): boolean {
  const offer = offers.find((one) => one.id === checkout.offerId);
  const isOpen = offer !== undefined && offer.withdrawnAt === null;
  return isOpen && step(testimonyMachine, "accept-offer", testimony.state, actor) !== undefined;
}

/** The payment wins: the offer is accepted, once, and everything that follows is written with it. */
async function win(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
  facts: PaidFacts,
): Promise<Result<null>> {
  const { testimony } = aggregate;
  const offer = aggregate.offers.find((one) => one.id === checkout.offerId);
  if (!offer) return refuse("offer_unavailable");
  const nowMs = deps.nowMs();
  const payoutId = deps.newId(homeOf(testimony.id));
  const closing = closeSessions(deps, aggregate, (other) => other.id !== checkout.id);
  const ids = { testimonyId: testimony.id, offerId: offer.id };
  await record(deps, aggregate, {
    name: "accept-offer",
    actor,
    data: { ...ids, checkoutId: checkout.id, sessionId: facts.id, payoutId },
    rows: [
      updateTestimony(deps.db, testimony.id, {
        state: enter(testimonyMachine, "accept-offer", testimony.state, actor),
        acceptedOfferId: offer.id,
        expertId: offer.expertId,
        priceMinor: offer.priceMinor,
        ...currencyProblem(checkout, facts),
      }),
      updateOffer(deps.db, offer, { acceptedAt: nowMs }),
      ...paidRows(deps, checkout, facts, enter(checkoutMachine, "win", checkout.state, actor)),
      insertPayout(deps.db, {
        testimonyId: testimony.id,
        id: payoutId,
        checkoutId: checkout.id,
        expertId: offer.expertId,
        state: "due",
        currency: checkout.currency,
        amountMinor: checkout.priceMinor,
        nettedMinor: 0,
        reversedMinor: 0,
        dueAt: nowMs,
        createdAt: nowMs,
      }),
      insertNotification(deps.db, {
        userId: offer.expertId,
        id: deps.newId(homeOf(offer.expertId)),
        type: "offer.accepted",
        data: ids,
        createdAt: nowMs,
      }),
      ...closing.rows,
    ],
    postings: [...paymentPostings(checkout, facts.charge), ...allocationPostings(checkout)],
    events: [
      {
        type: "offer.accepted",
        data: {
          ...ids,
          expertId: offer.expertId,
          currency: checkout.currency,
          priceMinor: checkout.priceMinor,
          commissionMinor: checkout.commissionMinor,
          totalMinor: checkout.totalMinor,
        },
      },
    ],
    answer: done,
  });
  await bookEarlierNews(deps, checkout, facts.charge);
  const pay: Command = { name: "advance-payout", input: { testimonyId: testimony.id, payoutId } };
  await deps.nudge([pay, ...closing.next]);
  return done;
}

/** The money came for an offer that can no longer be accepted: it goes back, in full, once (decisions O3). */
async function lose(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
  facts: PaidFacts,
): Promise<Result<null>> {
  const refund = claimRefund(deps, checkout, facts.paymentIntentId, "offer_unavailable");
  await record(deps, aggregate, {
    name: "return-payment",
    actor,
    data: { checkoutId: checkout.id, offerId: checkout.offerId, refundId: refund.refundId },
    rows: [...paidRows(deps, checkout, facts, enter(checkoutMachine, "lose", checkout.state, actor)), ...refund.rows],
    postings: paymentPostings(checkout, facts.charge),
  });
  await bookEarlierNews(deps, checkout, facts.charge);
  await deps.nudge([refund.command]);
  return refuse("offer_unavailable");
}

function paidRows(deps: Deps, checkout: Checkout, facts: PaidFacts, state: Checkout["state"]): Statement[] {
  const owner = { aggregateId: checkout.testimonyId, subjectId: checkout.id };
  const fee = facts.charge.fee;
  const feeMinor = fee?.currency === checkout.currency ? fee.minor : null;
  return [
    updateCheckout(deps.db, checkout, {
      state,
      payable: null,
      paymentIntentId: facts.paymentIntentId,
      chargeId: facts.charge.id,
      feeMinor,
      // Stripe may name the fee later: then the clock asks again.
      dueAt: fee === null ? nextLookAtMs(checkout, deps.nowMs()) : null,
    }),
    noteStripeObject(deps.db, facts.paymentIntentId, owner),
    noteStripeObject(deps.db, facts.charge.id, owner),
  ];
}

/** The platform must settle in the offer's currency: checked before anything is paid out (decisions O6). */
function currencyProblem(checkout: Checkout, facts: PaidFacts): { needsAttention?: string } {
  const fee = facts.charge.fee;
  return fee && fee.currency !== checkout.currency ? { needsAttention: "settlement_currency" } : {};
}

/** Posts a fee that was not known when the payment was settled. */
async function completeFee(deps: Deps, aggregate: TestimonyAggregate, checkout: Checkout, actor: Actor): Promise<void> {
  if (checkout.feeMinor !== null || checkout.dueAt === null || checkout.sessionId === null || actor === "client")
    return;
  const asked = await retrieveSession(deps.stripe, checkout.sessionId);
  const charge = asked.ok ? asked.value.charge : null;
  if (!charge?.fee) {
    await write(deps.db, [updateCheckout(deps.db, checkout, { dueAt: nextLookAtMs(checkout, deps.nowMs()) })]);
    return;
  }
  const isOurs = charge.fee.currency === checkout.currency;
  await record(deps, aggregate, {
    name: "record-fee",
    actor,
    data: { checkoutId: checkout.id, feeMinor: charge.fee.minor },
    rows: [
      updateCheckout(deps.db, checkout, { feeMinor: isOurs ? charge.fee.minor : null, dueAt: null }),
      ...(isOurs ? [] : [updateTestimony(deps.db, checkout.testimonyId, { needsAttention: "settlement_currency" })]),
    ],
    postings: feePostings(checkout, charge),
  });
}

async function expire(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
): Promise<Result<null>> {
  await record(deps, aggregate, {
    name: "expire-checkout",
    actor,
    data: { checkoutId: checkout.id },
    rows: [
      updateCheckout(deps.db, checkout, {
        state: enter(checkoutMachine, "expire", checkout.state, actor),
        payable: null,
        dueAt: null,
      }),
    ],
  });
  return refuse("session_expired");
}

async function fail(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
): Promise<Result<null>> {
  await record(deps, aggregate, {
    name: "fail-payment",
    actor,
    data: { checkoutId: checkout.id },
    rows: [
      updateCheckout(deps.db, checkout, {
        state: enter(checkoutMachine, "fail-payment", checkout.state, actor),
        payable: null,
        dueAt: null,
      }),
    ],
  });
  return refuse("payment_failed");
}

async function process(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
): Promise<Result<null>> {
  const refusal = refuse("payment_processing");
  if (checkout.state === "processing") return wait(deps, checkout, actor, refusal);
  const state = enter(checkoutMachine, "process", checkout.state, actor);
  await record(deps, aggregate, {
    name: "process-payment",
    actor,
    data: { checkoutId: checkout.id },
    rows: [updateCheckout(deps.db, checkout, { state, dueAt: nextLookAtMs({ ...checkout, state }, deps.nowMs()) })],
  });
  return refusal;
}

/** Nothing has changed at Stripe. Only the clock's own look moves the time of the next one. */
async function wait(deps: Deps, checkout: Checkout, actor: Actor, refusal: Result<null>): Promise<Result<null>> {
  if (actor === "clock") {
    await write(deps.db, [updateCheckout(deps.db, checkout, { dueAt: nextLookAtMs(checkout, deps.nowMs()) })]);
  }
  return refusal;
}

/** Money for something that we did not ask for: nobody is paid, an operator must look. */
async function flagMismatch(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
  facts: SessionFacts,
): Promise<Result<null>> {
  if (aggregate.testimony.needsAttention !== "session_mismatch" || checkout.dueAt !== null) {
    await record(deps, aggregate, {
      name: "flag-mismatch",
      actor,
      data: { checkoutId: checkout.id, totalMinor: facts.totalMinor, currency: facts.currency },
      rows: [
        updateTestimony(deps.db, checkout.testimonyId, { needsAttention: "session_mismatch" }),
        updateCheckout(deps.db, checkout, { dueAt: null }),
      ],
    });
  }
  return refuse("session_mismatch");
}
