import { loadPayment, type PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import type { Actor } from "../../domain/machine";
import { done, type Refused, type Result, refuse, success } from "../../domain/result";
import type { StripeFailure } from "../../stripe/failure";
import type { IntentFacts } from "../../stripe/intent-facts";
import { paramsOf } from "../call-params";
import type { Deps } from "../deps";
import type { EffectKind } from "../effect-kind";
import { attempt } from "../effects";
import type { FollowUps } from "../follow-ups";
import { losePayment } from "./lose-payment";
import { unlessOrphaned } from "./orphaned-payment";
import {
  cancelIntentEffect,
  captureIntentEffect,
  confirmIntentEffect,
  createIntentEffect,
  createRefundEffect,
  type PaymentEffectKind,
} from "./payment-effects";
import type { Decline } from "./reduce-payment";
import { declinedAgain, refusedByStripe } from "./refused-by-stripe";
import { type Cause, settlePayment } from "./settle-payment";
import { intentAfterRefusal, pollPayment, presentIntent, presentRefund } from "./stripe-snapshot";

/** The actor of a call, and the answer to store for the caller. */
export interface By {
  actor: Actor;
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/** The settled payment, or a refusal if it is not what was requested. */
type Executed = Result<PaymentAggregate>;

/** Resumes a pending call whose outcome is unknown. A settled call needs nothing. */
export async function resumePayment(
  deps: Deps,
  { paymentId, effectId }: FollowUps["resume-payment"],
): Promise<Result<null>> {
  const found = await loadPayment(deps.db, paymentId);
  const effect = found?.effects.find(({ id, state }) => id === effectId && state === "open");
  if (!found || !effect) return done;
  const result = await executeCall(deps, found, effect, { actor: "clock" });
  return result.ok ? done : result;
}

/**
 * Executes a pending call, or resumes one whose outcome is unknown, and settles the payment by the outcome. Refuses
 * `stripe_unavailable` while the outcome is unknown: the payment is `unknown` then, and the clock resumes the call.
 */
export function executeCall(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<Executed> {
  switch (effect.kind as PaymentEffectKind) {
    case "create-intent":
      return executeCreation(deps, aggregate, effect, by);
    case "confirm-intent":
      return executeConfirmation(deps, aggregate, effect, by);
    case "capture-intent":
      return executeChange(
        deps,
        aggregate,
        effect,
        by,
        unlessOrphaned(aggregate, captureIntentEffect),
        "capture-payment",
      );
    case "cancel-intent":
      return executeChange(deps, aggregate, effect, by, cancelIntentEffect, "cancel-payment");
    case "create-payment-refund":
      return executeRefund(deps, aggregate, effect, by);
  }
}

async function executeCreation(
  deps: Deps,
  aggregate: PaymentAggregate,
  effect: StripeEffect,
  by: By,
): Promise<Executed> {
  const outcome = await attempt(deps, effect, unlessOrphaned(aggregate, createIntentEffect));
  if (outcome.end === "open") return unknown(outcome.failure);
  const rows = [...outcome.settle];
  if (outcome.end === "done") {
    const snapshot = { intent: outcome.value };
    return success(await settlePayment(deps, aggregate, snapshot, { ...by, name: "open-payment", rows }));
  }
  if (outcome.failure.kind === "account_gone") await losePayment(deps, aggregate, { actor: by.actor, rows }, effect);
  else await settlePayment(deps, aggregate, {}, { actor: by.actor, name: "refuse-payment", rows, refused: true });
  return refusedByStripe(outcome.failure, "stripe_refused");
}

/**
 * Executes a confirmation. A decline is a regular answer: the payment may be tried again, and the decline is stored
 * under the caller's key.
 */
async function executeConfirmation(
  deps: Deps,
  aggregate: PaymentAggregate,
  effect: StripeEffect,
  by: By,
): Promise<Executed> {
  const outcome = await attempt(deps, effect, unlessOrphaned(aggregate, confirmIntentEffect));
  if (outcome.end === "open") return unknown(outcome.failure);
  const rows = [...outcome.settle];
  const cause: Cause = { actor: by.actor, name: "decline-payment", rows };
  if (outcome.end === "done") {
    const intent = await presentIntent(deps, aggregate, effect, outcome.value);
    const error = intent.status === "requires_payment_method" ? intent.lastError : null;
    if (error === null) {
      return success(await settlePayment(deps, aggregate, { intent }, { ...by, name: "confirm-payment", rows }));
    }
    const refusal = declinedAgain(error);
    await settlePayment(deps, aggregate, { intent }, { ...cause, answer: () => refusal });
    return refusal;
  }
  const { failure } = outcome;
  if (failure.kind === "account_gone") {
    await losePayment(deps, aggregate, { actor: by.actor, rows }, effect);
    return refusedByStripe(failure, "method_refused");
  }
  const refusal = refusedByStripe(failure, "method_refused");
  await lookAtMethod(deps, aggregate, effect, failure);
  const isDeclined = refusal.refusal === "card_declined";
  // A first attempt that fails changes nothing else. A decline that Stripe repeats may be known already.
  const isWhereItWas = effect.attempts === 0 && aggregate.payment.state === "requires_payment_method";
  const snapshot = isDeclined && isWhereItWas ? {} : await intentAfterRefusal(deps, aggregate);
  await settlePayment(deps, aggregate, snapshot, {
    ...cause,
    data: { failure: failure.kind },
    ...(isDeclined ? { answer: () => refusal } : {}),
    ...(isDeclined && !snapshot.intent ? { declined: declineOf(failure) } : {}),
  });
  return refusal;
}

/** Checks a method, or its customer, that Stripe refused although we remember it as usable. */
async function lookAtMethod(
  deps: Deps,
  { payment: { userId } }: PaymentAggregate,
  effect: StripeEffect,
  { kind }: StripeFailure,
): Promise<void> {
  const { storedId, platformCustomerId, stripeAccountId } = paramsOf(effect, "confirm-intent");
  if (storedId === null) return;
  const where = platformCustomerId === null ? stripeAccountId : "";
  if (kind === "customer_gone") {
    await deps.enqueueCommands([{ name: "check-customer", input: { userId, stripeAccountId: where } }]);
  } else if (kind === "invalid_request" || kind === "not_found") {
    await deps.enqueueCommands([{ name: "check-payment-method", input: { userId, id: storedId } }]);
  }
}

function declineOf({ code, declineCode, chargeId, message }: StripeFailure): Decline {
  const error = { code: code ?? "card_declined", declineCode: declineCode ?? null, message };
  return { error, chargeId: chargeId ?? null };
}

async function executeChange(
  deps: Deps,
  aggregate: PaymentAggregate,
  effect: StripeEffect,
  by: By,
  kind: EffectKind<IntentFacts>,
  name: string,
): Promise<Executed> {
  const outcome = await attempt(deps, effect, kind);
  if (outcome.end === "open") return unknown(outcome.failure);
  const rows = [...outcome.settle];
  if (outcome.end === "done") {
    const snapshot = { intent: await presentIntent(deps, aggregate, effect, outcome.value) };
    return success(await settlePayment(deps, aggregate, snapshot, { ...by, name, rows }));
  }
  if (outcome.failure.kind === "account_gone") {
    await losePayment(deps, aggregate, { actor: by.actor, rows }, effect);
    return refusedByStripe(outcome.failure, "state_wrong");
  }
  const snapshot = await intentAfterRefusal(deps, aggregate);
  await settlePayment(deps, aggregate, snapshot, { actor: by.actor, name: `refuse-${name}`, rows });
  return refusedByStripe(outcome.failure, "state_wrong");
}

/** Executes a pending refund. A refund that Stripe refuses counts as failed. */
async function executeRefund(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<Executed> {
  const { subjectId: refundId } = effect;
  const outcome = await attempt(deps, effect, createRefundEffect);
  if (outcome.end === "open") return unknown(outcome.failure);
  const rows = [...outcome.settle];
  if (outcome.end === "done") {
    const snapshot = await presentRefund(deps, aggregate, effect, outcome.value);
    return success(await settlePayment(deps, aggregate, snapshot, { ...by, name: "refund-payment", rows }));
  }
  const refusedRefund = { id: refundId, failure: outcome.failure.message };
  if (outcome.failure.kind === "account_gone") {
    await losePayment(deps, aggregate, { actor: by.actor, rows, refusedRefund }, effect);
    return refusedByStripe(outcome.failure, "nothing_refundable");
  }
  // Somebody may have refunded money out-of-band, so that less was left than we thought.
  const asked = await pollPayment(deps, aggregate, "refunds");
  await settlePayment(deps, aggregate, asked.ok ? asked.value : {}, {
    actor: by.actor,
    name: "refuse-refund",
    data: { refundId, failure: outcome.failure.kind },
    rows,
    refusedRefund,
  });
  const refusal = refusedByStripe(outcome.failure, "nothing_refundable");
  // No card was involved: the seller's funds did not suffice.
  return refusal.refusal === "card_declined" ? { ...refusal, refusal: "nothing_refundable" } : refusal;
}

/** Makes the refusal that a caller gets while the call's outcome is unknown. */
function unknown({ message }: StripeFailure): Refused {
  return refuse("stripe_unavailable", message);
}
