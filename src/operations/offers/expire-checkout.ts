import { type Checkout, type TestimonyAggregate, updateCheckout } from "../../db/offers/testimonies";
import type { StripeEffect } from "../../db/stripe-effects";
import { enter } from "../../domain/machine";
import { checkoutMachine } from "../../domain/offers/checkout";
import { done, type Result, refuse } from "../../domain/result";
import { expireSession, retrieveSession, type SessionFacts } from "../../stripe/checkout";
import { paramsOf } from "../call-params";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { EffectKind } from "../effect-kind";
import { attempt } from "../effects";
import { settleCheckout } from "./settle-checkout";

const expireSessionEffect: EffectKind<SessionFacts> = {
  call: (deps, effect, key) => expireSession(deps.stripe, sessionOf(effect), key),
  async find(deps, effect) {
    const asked = await retrieveSession(deps.stripe, sessionOf(effect));
    if (!asked.ok) return asked;
    return { ok: true, value: asked.value.status === "expired" ? asked.value : undefined };
  },
};

function sessionOf(effect: StripeEffect): string {
  return paramsOf(effect, "expire-session").sessionId;
}

/**
 * Executes a pending expiry. Stripe refuses if the session is complete: then it is being paid, and its payment decides
 * (src/guides/decisions.md#late-money). Returns `done` if the session is certainly expired.
 */
export async function expireCheckout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  effect: StripeEffect,
): Promise<Result<null>> {
  const outcome = await attempt(deps, effect, expireSessionEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  const isOpen = checkout.state === "open";
  const isExpired = outcome.end === "done";
  // A complete session may have brought money: if the check fails or is cut off, the next sweep repeats it.
  const soon = { dueAt: deps.nowMs() };
  const next = await appendChange(deps, aggregate, {
    name: isExpired ? "expire-checkout" : "find-checkout-complete",
    actor: "clock",
    data: { checkoutId: checkout.id },
    rows: [
      ...outcome.settle,
      ...(isOpen ? [updateCheckout(deps.db, checkout, isExpired ? expired(checkout) : soon)] : []),
    ],
  });
  if (isExpired) return done;
  const { reservation: _, ...withoutReservation } = deps; // the request's answer is not written by this
  // The actor is Stripe, which has just answered: after a failed check by the clock, the next one would be put off.
  return settleCheckout(withoutReservation, next, checkout, "stripe");
}

function expired(checkout: Checkout) {
  return { state: enter(checkoutMachine, "expire", checkout.state, "clock"), payable: null, dueAt: null };
}
