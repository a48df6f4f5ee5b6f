import { write } from "../../db/database";
import { type Checkout, type Offer, type TestimonyAggregate, updateCheckout } from "../../db/offers/testimonies";
import { enter, step } from "../../domain/machine";
import { goneMinor } from "../../domain/offers/charge";
import { checkoutMachine, nextPollAtMs } from "../../domain/offers/checkout";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import { retrieveSession, type SessionFacts } from "../../stripe/checkout";
import { listDisputes } from "../../stripe/disputes";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Payer } from "../follow-ups";
import { delayedEvent, isPaidInFull, type PaidFacts, recordFee, type Settling } from "./book-payment";
import { forgottenAcceptance, losePayment, winPayment } from "./decide-payment";
import { returnRest } from "./return-rest";

/**
 * Brings a checkout to the state that its session has at Stripe. Only here a payment becomes an acceptance or a refund,
 * whether the client, Stripe's event or the clock requests it. The caller holds the lock. Returns `done` if the
 * acceptance that this session made is valid.
 */
export async function settleCheckout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Payer["actor"],
): Promise<Result<null>> {
  const settling: Settling = { aggregate, checkout, actor };
  switch (checkout.state) {
    case "claimed":
      return refuse("payment_incomplete"); // the session is not known to exist
    case "expired":
      return refuse("session_expired");
    case "failed":
      return refuse("payment_failed");
    case "open":
    case "processing":
      return pollStripe(deps, settling);
    case "returning":
      await recordFee(deps, settling);
      if (actor !== "client") await returnRest(deps, { testimonyId: checkout.testimonyId, checkoutId: checkout.id });
      return refuse(usedAs(checkout));
    default:
      await recordFee(deps, settling);
      return stands(aggregate, checkout) ? done : refuse(usedAs(checkout));
  }
}

/** Tells whether the acceptance that this checkout made is still valid. */
function stands({ testimony }: TestimonyAggregate, checkout: Checkout): boolean {
  const isAccepted = testimony.state === "accepted" || testimony.state === "completed";
  return checkout.state === "accepted" && isAccepted && testimony.acceptedOfferId === checkout.offerId;
}

/** Returns the refusal for a used session: if its payment was refunded at Stripe, every confirmation says so. */
function usedAs({ returnReason }: Checkout): "payment_returned" | "session_used" {
  return returnReason === "payment_returned" ? "payment_returned" : "session_used";
}

async function pollStripe(deps: Deps, settling: Settling): Promise<Result<null>> {
  const { checkout } = settling;
  if (checkout.sessionId === null) return refuse("session_unknown");
  const asked = await retrieveSession(deps.stripe, checkout.sessionId);
  if (!asked.ok) {
    const isUnknown = asked.failure.kind === "not_found";
    const refusal = isUnknown ? refuse("session_unknown") : refuse("stripe_unavailable", asked.failure.message);
    return waitForStripe(deps, settling, refusal);
  }
  const facts = asked.value;
  if (facts.status === "expired") return expireUnpaid(deps, settling);
  if (facts.status !== "complete") return waitForStripe(deps, settling, refuse("payment_incomplete"));
  if (facts.payment === "failed") return failUnpaid(deps, settling);
  if (facts.payment === "unpaid") return processUnpaid(deps, settling);
  if (!fits(facts, checkout)) return flagMismatch(deps, settling, facts);
  if (!isPaidInFull(facts)) {
    return waitForStripe(deps, settling, refuse("stripe_unavailable", "paid without a charge"));
  }
  const before = await forgottenAcceptance(deps, settling.aggregate, checkout, facts);
  if (!before.ok) return waitForStripe(deps, settling, refuse("stripe_unavailable", before.failure.message));
  const isWhole = before.value !== undefined || (await isStillWhole(deps, facts));
  if (isWhole === undefined) {
    return waitForStripe(deps, settling, refuse("stripe_unavailable", "whether it is disputed is not known"));
  }
  const offer = acceptable(settling);
  if (!offer) return losePayment(deps, settling, facts, "offer_unavailable", isWhole);
  return isWhole
    ? winPayment(deps, settling, facts, offer, before.value)
    : losePayment(deps, settling, facts, "payment_returned", isWhole);
}

/**
 * Tells whether all of the money is still ours: no part refunded, and none disputed unless the bank has decided for us.
 * Returns undefined if Stripe does not answer.
 */
async function isStillWhole(deps: Deps, { charge }: PaidFacts): Promise<boolean | undefined> {
  if (goneMinor(charge.money) > 0) return false;
  if (!charge.disputed) return true;
  const listed = await listDisputes(deps.stripe, charge.id);
  if (!listed.ok) return undefined;
  return listed.value.every((one) => one.state === "won");
}

/**
 * Checks that a session is exactly the one of the checkout: mode, amount, currency and the ids bound to it. Neither the
 * browser nor another session is trusted.
 */
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

/** Returns the offer that was paid for, if it can still be accepted. */
function acceptable({ aggregate, checkout, actor }: Settling): Offer | undefined {
  const { testimony, offers } = aggregate;
  if (!step(testimonyMachine, "accept-offer", testimony.state, actor)) return undefined;
  return offers.find((one) => one.id === checkout.offerId && one.withdrawnAt === null);
}

/** Ends a checkout whose session has expired: nobody can pay any more. */
function expireUnpaid(deps: Deps, settling: Settling): Promise<Result<null>> {
  return end(deps, settling, { name: "expire-checkout", transition: "expire", refusal: "session_expired" });
}

/** Ends a checkout whose delayed payment method did not pay, and never will. */
function failUnpaid(deps: Deps, settling: Settling): Promise<Result<null>> {
  return end(deps, settling, { name: "fail-payment", transition: "fail-payment", refusal: "payment_failed" });
}

async function end(
  deps: Deps,
  { aggregate, checkout, actor }: Settling,
  how: { name: string; transition: "expire" | "fail-payment"; refusal: "session_expired" | "payment_failed" },
): Promise<Result<null>> {
  const state = enter(checkoutMachine, how.transition, checkout.state, actor);
  await appendChange(deps, aggregate, {
    name: how.name,
    actor,
    data: { checkoutId: checkout.id },
    rows: [updateCheckout(deps.db, checkout, { state, payable: null, dueAt: null })],
    events: how.transition === "fail-payment" ? [delayedEvent("offer.payment_refused", checkout)] : [],
  });
  return refuse(how.refusal);
}

/** Marks a checkout whose session is complete while a delayed payment method is still under way. */
async function processUnpaid(deps: Deps, settling: Settling): Promise<Result<null>> {
  const { aggregate, checkout, actor } = settling;
  const refusal = refuse("payment_processing");
  if (checkout.state === "processing") return waitForStripe(deps, settling, refusal);
  const state = enter(checkoutMachine, "process", checkout.state, actor);
  await appendChange(deps, aggregate, {
    name: "process-payment",
    actor,
    data: { checkoutId: checkout.id },
    rows: [updateCheckout(deps.db, checkout, { state, dueAt: nextPollAtMs({ ...checkout, state }, deps.nowMs()) })],
    events: [delayedEvent("offer.payment_processing", checkout)],
  });
  return refusal;
}

/** Handles an unchanged session. Only the clock's own check moves the time of the next one. */
async function waitForStripe(deps: Deps, { checkout, actor }: Settling, refusal: Result<null>): Promise<Result<null>> {
  if (actor === "clock") {
    await write(deps.db, [updateCheckout(deps.db, checkout, { dueAt: nextPollAtMs(checkout, deps.nowMs()) })]);
  }
  return refusal;
}

/** Calls an operator because a session does not match its checkout: nobody is paid. */
async function flagMismatch(
  deps: Deps,
  { aggregate, checkout, actor }: Settling,
  { totalMinor, currency }: SessionFacts,
): Promise<Result<null>> {
  const isKnown = aggregate.attention.some((one) => one.kind === "session_mismatch" && one.aboutId === checkout.id);
  if (!isKnown || checkout.dueAt !== null) {
    await appendChange(deps, aggregate, {
      name: "flag-mismatch",
      actor,
      data: { checkoutId: checkout.id, totalMinor, currency },
      rows: [
        raise(deps, checkout.testimonyId, {
          kind: "session_mismatch",
          aboutKind: "checkout",
          aboutId: checkout.id,
          ...(checkout.sessionId === null ? {} : { note: checkout.sessionId }), // it is found at Stripe by this
          ...(totalMinor === null || currency === null ? {} : { amountMinor: totalMinor, currency }),
        }),
        updateCheckout(deps.db, checkout, { dueAt: null }),
      ],
    });
  }
  return refuse("session_mismatch");
}
