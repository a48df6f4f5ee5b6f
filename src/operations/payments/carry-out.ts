import type { PaymentAggregate } from "../../db/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import type { Actor } from "../../domain/machine";
import { type Refused, type Result, refuse, success } from "../../domain/result";
import type { ConnectedRefundOrder } from "../../stripe/connected-refunds";
import { retrieveFee } from "../../stripe/connected-refunds";
import type { StripeFailure } from "../../stripe/failure";
import { type IntentFacts, type IntentKey, retrieveIntent } from "../../stripe/payment-intents";
import type { Deps } from "../deps";
import { attempt, type EffectKind } from "../effects";
import {
  cancelIntentEffect,
  captureIntentEffect,
  confirmIntentEffect,
  createIntentEffect,
  createRefundEffect,
  type PaymentEffectKind,
} from "./payment-effects";
import { refusedByStripe } from "./refused-by-stripe";
import { type Cause, settlePayment } from "./settle-payment";

/** Who makes the call, and what answer its caller wants remembered. */
export interface By {
  actor: Actor;
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

type CarriedOut = Result<PaymentAggregate>;

/**
 * Makes a claimed call, or takes up one whose outcome is open, and settles the payment by what came of it. Refuses with
 * `stripe_unavailable` while the outcome is not known: the payment is `unknown` then, and the clock goes on (decisions P9).
 */
export function carryOut(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<CarriedOut> {
  switch (effect.kind as PaymentEffectKind) {
    case "create-intent":
      return make(deps, aggregate, effect, by);
    case "confirm-intent":
      return confirm(deps, aggregate, effect, by);
    case "capture-intent":
      return change(deps, aggregate, effect, by, captureIntentEffect, "capture-payment");
    case "cancel-intent":
      return change(deps, aggregate, effect, by, cancelIntentEffect, "cancel-payment");
    case "create-payment-refund":
      return giveBack(deps, aggregate, effect, by);
  }
}

async function make(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<CarriedOut> {
  const outcome = await attempt(deps, effect, createIntentEffect);
  if (outcome.end === "open") return unknown(outcome.failure);
  if (outcome.end === "done") {
    return settled(deps, aggregate, { intent: outcome.value }, { ...by, name: "open-payment", rows: [outcome.settle] });
  }
  const refusal = refusedByStripe(outcome.failure, "stripe_refused");
  const rows = [outcome.settle];
  await settlePayment(deps, aggregate, {}, { actor: by.actor, name: "refuse-payment", rows, refused: true });
  return refusal;
}

/** A decline is an answer: the payment may be tried again, and the caller's key remembers that it was not. */
async function confirm(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<CarriedOut> {
  const outcome = await attempt(deps, effect, confirmIntentEffect);
  if (outcome.end === "open") return unknown(outcome.failure);
  if (outcome.end === "done") {
    const told = await asItIsNow(deps, effect, outcome.value);
    return settled(deps, aggregate, { intent: told }, { ...by, name: "confirm-payment", rows: [outcome.settle] });
  }
  const refusal = refusedByStripe(outcome.failure, "method_refused");
  const told = await afterRefusal(deps, aggregate, outcome.failure);
  const isDeclined = refusal.refusal === "card_declined";
  await settlePayment(deps, aggregate, told, {
    actor: by.actor,
    name: "decline-payment",
    data: { failure: outcome.failure.kind },
    rows: [outcome.settle],
    ...(isDeclined ? { declined: declinedBy(outcome.failure), answer: () => refusal } : {}),
  });
  return refusal;
}

function declinedBy({ code, declineCode, message }: StripeFailure) {
  return { code: code ?? "card_declined", declineCode: declineCode ?? null, message };
}

async function change(
  deps: Deps,
  aggregate: PaymentAggregate,
  effect: StripeEffect,
  by: By,
  kind: EffectKind<IntentFacts>,
  name: string,
): Promise<CarriedOut> {
  const outcome = await attempt(deps, effect, kind);
  if (outcome.end === "open") return unknown(outcome.failure);
  if (outcome.end === "done") {
    const told = await asItIsNow(deps, effect, outcome.value);
    return settled(deps, aggregate, { intent: told }, { ...by, name, rows: [outcome.settle] });
  }
  const told = await afterRefusal(deps, aggregate, outcome.failure);
  const rows = [outcome.settle];
  await settlePayment(deps, aggregate, told, { actor: by.actor, name: `refuse-${name}`, rows });
  return refusedByStripe(outcome.failure, "state_wrong");
}

async function giveBack(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<CarriedOut> {
  const order = effect.params as unknown as ConnectedRefundOrder; // as claimed by refund-payment
  const outcome = await attempt(deps, effect, createRefundEffect);
  if (outcome.end === "open") return unknown(outcome.failure);
  if (outcome.end === "done") {
    const fee = order.returnsFee ? await feeNow(deps, aggregate) : undefined;
    const told = { refunds: [outcome.value], fee };
    return settled(deps, aggregate, told, { ...by, name: "refund-payment", rows: [outcome.settle] });
  }
  const { kind, message } = outcome.failure;
  await settlePayment(deps, aggregate, await afterRefusal(deps, aggregate, outcome.failure), {
    actor: by.actor,
    name: "refuse-refund",
    data: { refundId: order.refundId, failure: kind },
    rows: [outcome.settle],
    refusedRefund: { id: order.refundId, failure: message },
  });
  return refusedByStripe(outcome.failure, "nothing_refundable");
}

/** What is left of our fee. Should Stripe not say it now, the payment's next look does. */
async function feeNow(deps: Deps, { posted }: PaymentAggregate) {
  const feeId = posted.find(({ account, sumMinor }) => account === "application_fees" && sumMinor < 0)?.reference;
  if (!feeId) return undefined;
  const asked = await retrieveFee(deps.stripe, feeId);
  return asked.ok ? asked.value : undefined;
}

/** An answer that Stripe repeated from its memory is as old as the first: what is true now is asked for. */
async function asItIsNow(deps: Deps, effect: StripeEffect, told: IntentFacts): Promise<IntentFacts> {
  if (effect.attempts === 0) return told;
  const { stripeAccountId } = effect.params as unknown as IntentKey;
  const asked = await retrieveIntent(deps.stripe, { stripeId: told.id, stripeAccountId });
  return asked.ok ? asked.value : told;
}

/** Stripe knew better than we: it has moved on, and so do we. A card declined at the first try needs no second question. */
async function afterRefusal(deps: Deps, { payment }: PaymentAggregate, failure: StripeFailure) {
  const isWhereItWas = failure.kind === "card_declined" && payment.state === "requires_payment_method";
  if (isWhereItWas || payment.stripeId === null) return {};
  const asked = await retrieveIntent(deps.stripe, { ...payment, stripeId: payment.stripeId });
  return asked.ok ? { intent: asked.value } : {};
}

async function settled(
  deps: Deps,
  aggregate: PaymentAggregate,
  told: Parameters<typeof settlePayment>[2],
  cause: Cause,
): Promise<CarriedOut> {
  return success(await settlePayment(deps, aggregate, told, cause));
}

function unknown({ message }: StripeFailure): Refused {
  return refuse("stripe_unavailable", message);
}
