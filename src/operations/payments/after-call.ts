import type { PaymentAggregate } from "../../db/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import type { Actor } from "../../domain/machine";
import { type Refused, type Result, refuse } from "../../domain/result";
import type { StripeFailure } from "../../stripe/failure";
import { type IntentFacts, type IntentKey, retrieveIntent } from "../../stripe/payment-intents";
import type { Deps } from "../deps";

/** Who makes the call, and what answer its caller wants remembered. */
export interface By {
  actor: Actor;
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/** The payment as it is settled, or why it is not what was asked for. */
export type CarriedOut = Result<PaymentAggregate>;

/** An answer that Stripe repeated from its memory is as old as the first: what is true now is asked for. */
export async function asItIsNow(deps: Deps, effect: StripeEffect, told: IntentFacts): Promise<IntentFacts> {
  if (effect.attempts === 0) return told;
  const { stripeAccountId } = effect.params as unknown as IntentKey;
  const asked = await retrieveIntent(deps.stripe, { stripeId: told.id, stripeAccountId });
  return asked.ok ? asked.value : told;
}

/** Stripe knew better than we: it has moved on, and so do we. */
export async function afterRefusal(deps: Deps, { payment }: PaymentAggregate): Promise<{ intent?: IntentFacts }> {
  if (payment.stripeId === null) return {};
  const asked = await retrieveIntent(deps.stripe, { ...payment, stripeId: payment.stripeId });
  return asked.ok ? { intent: asked.value } : {};
}

/** What a caller hears while nobody knows what became of the call. */
export function unknown({ message }: StripeFailure): Refused {
  return refuse("stripe_unavailable", message);
}
