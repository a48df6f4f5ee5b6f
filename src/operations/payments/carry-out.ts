import type { PaymentAggregate } from "../../db/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { success } from "../../domain/result";
import type { IntentFacts } from "../../stripe/payment-intents";
import type { Deps } from "../deps";
import { attempt, type EffectKind } from "../effects";
import { afterRefusal, asItIsNow, type By, type CarriedOut, unknown } from "./after-call";
import { carryOutConfirmation } from "./carry-out-confirmation";
import { carryOutRefund } from "./carry-out-refund";
import { losePayment } from "./lose-payment";
import { cancelIntentEffect, captureIntentEffect, createIntentEffect, type PaymentEffectKind } from "./payment-effects";
import { refusedByStripe } from "./refused-by-stripe";
import { settlePayment } from "./settle-payment";
import { unlessUnwanted } from "./unwanted";

/**
 * Executes a pending call, or resumes one whose outcome is unknown, and settles the payment by the outcome. Refuses
 * `stripe_unavailable` while the outcome is unknown: the payment is `unknown` then, and the clock resumes the call.
 */
export function carryOut(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<CarriedOut> {
  switch (effect.kind as PaymentEffectKind) {
    case "create-intent":
      return make(deps, aggregate, effect, by);
    case "confirm-intent":
      return carryOutConfirmation(deps, aggregate, effect, by);
    case "capture-intent":
      return change(deps, aggregate, effect, by, unlessUnwanted(aggregate, captureIntentEffect), "capture-payment");
    case "cancel-intent":
      return change(deps, aggregate, effect, by, cancelIntentEffect, "cancel-payment");
    case "create-payment-refund":
      return carryOutRefund(deps, aggregate, effect, by);
  }
}

async function make(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<CarriedOut> {
  const outcome = await attempt(deps, effect, unlessUnwanted(aggregate, createIntentEffect));
  if (outcome.end === "open") return unknown(outcome.failure);
  const rows = [...outcome.settle];
  if (outcome.end === "done") {
    const told = { intent: outcome.value };
    return success(await settlePayment(deps, aggregate, told, { ...by, name: "open-payment", rows }));
  }
  if (outcome.failure.kind === "account_gone") await losePayment(deps, aggregate, { actor: by.actor, rows }, effect);
  else await settlePayment(deps, aggregate, {}, { actor: by.actor, name: "refuse-payment", rows, refused: true });
  return refusedByStripe(outcome.failure, "stripe_refused");
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
  const rows = [...outcome.settle];
  if (outcome.end === "done") {
    const told = { intent: await asItIsNow(deps, effect, outcome.value) };
    return success(await settlePayment(deps, aggregate, told, { ...by, name, rows }));
  }
  if (outcome.failure.kind === "account_gone") {
    await losePayment(deps, aggregate, { actor: by.actor, rows }, effect);
    return refusedByStripe(outcome.failure, "state_wrong");
  }
  const told = await afterRefusal(deps, aggregate);
  await settlePayment(deps, aggregate, told, { actor: by.actor, name: `refuse-${name}`, rows });
  return refusedByStripe(outcome.failure, "state_wrong");
}
