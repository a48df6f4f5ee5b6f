import type { PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import type { Actor } from "../../domain/machine";
import { type Refused, type Result, refuse } from "../../domain/result";
import type { StripeFailure } from "../../stripe/failure";
import { type IntentFacts, retrieveIntent } from "../../stripe/payment-intents";
import { paramsOf } from "../call-params";
import type { Deps } from "../deps";

/** The actor of a call, and the answer to store for the caller. */
export interface By {
  actor: Actor;
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/** The settled payment, or a refusal if it is not what was requested. */
export type Executed = Result<PaymentAggregate>;

/**
 * Returns the PaymentIntent as it is at this moment. An answer that Stripe repeats for an idempotency key is as old as
 * the first, so a repeated call is followed by a read.
 */
export async function asItIsNow(deps: Deps, effect: StripeEffect, snapshot: IntentFacts): Promise<IntentFacts> {
  if (effect.attempts === 0) return snapshot;
  const { stripeAccountId } = paramsOf(effect, "create-intent", "confirm-intent", "capture-intent", "cancel-intent");
  const asked = await retrieveIntent(deps.stripe, { stripeId: snapshot.id, stripeAccountId });
  return asked.ok ? asked.value : snapshot;
}

/** Reads the PaymentIntent after a refusal: it may have moved on at Stripe without our knowing. */
export async function afterRefusal(deps: Deps, { payment }: PaymentAggregate): Promise<{ intent?: IntentFacts }> {
  if (payment.stripeId === null) return {};
  const asked = await retrieveIntent(deps.stripe, { ...payment, stripeId: payment.stripeId });
  return asked.ok ? { intent: asked.value } : {};
}

/** Makes the refusal that a caller gets while the call's outcome is unknown. */
export function unknown({ message }: StripeFailure): Refused {
  return refuse("stripe_unavailable", message);
}
