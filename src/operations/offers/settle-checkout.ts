import type { Checkout, Offer, TestimonyAggregate } from "../../db/offers/testimonies";
import { step } from "../../domain/machine";
import { goneMinor } from "../../domain/offers/charge";
import { testimonyMachine } from "../../domain/offers/testimony";
import { done, type Result, refuse } from "../../domain/result";
import { retrieveSession, type SessionFacts } from "../../stripe/checkout";
import { listDisputes } from "../../stripe/disputes";
import type { Payer } from "../commands";
import type { Deps } from "../deps";
import { expireUnpaid, failUnpaid, flagMismatch, processUnpaid, waitForStripe } from "./end-unpaid";
import { forgottenAcceptance } from "./forgotten-acceptance";
import { losePayment } from "./lose-payment";
import { recordFee } from "./record-fee";
import { returnRest } from "./return-rest";
import { isPaidInFull, type PaidFacts, type Settling } from "./settling";
import { winPayment } from "./win-payment";

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
