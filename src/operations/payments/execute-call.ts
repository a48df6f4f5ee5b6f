import type { PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { success } from "../../domain/result";
import type { IntentFacts } from "../../stripe/payment-intents";
import type { Deps } from "../deps";
import { attempt, type EffectKind } from "../effects";
import { afterRefusal, asItIsNow, type By, type Executed, unknown } from "./after-call";
import { executeConfirmation } from "./execute-confirmation";
import { executeRefund } from "./execute-refund";
import { losePayment } from "./lose-payment";
import { unlessOrphaned } from "./orphaned-payment";
import { cancelIntentEffect, captureIntentEffect, createIntentEffect, type PaymentEffectKind } from "./payment-effects";
import { refusedByStripe } from "./refused-by-stripe";
import { settlePayment } from "./settle-payment";

/**
 * Executes a pending call, or resumes one whose outcome is unknown, and settles the payment by the outcome. Refuses
 * `stripe_unavailable` while the outcome is unknown: the payment is `unknown` then, and the clock resumes the call.
 */
export function executeCall(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<Executed> {
  switch (effect.kind as PaymentEffectKind) {
    case "create-intent":
      return make(deps, aggregate, effect, by);
    case "confirm-intent":
      return executeConfirmation(deps, aggregate, effect, by);
    case "capture-intent":
      return change(deps, aggregate, effect, by, unlessOrphaned(aggregate, captureIntentEffect), "capture-payment");
    case "cancel-intent":
      return change(deps, aggregate, effect, by, cancelIntentEffect, "cancel-payment");
    case "create-payment-refund":
      return executeRefund(deps, aggregate, effect, by);
  }
}

async function make(deps: Deps, aggregate: PaymentAggregate, effect: StripeEffect, by: By): Promise<Executed> {
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

async function change(
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
    const snapshot = { intent: await asItIsNow(deps, effect, outcome.value) };
    return success(await settlePayment(deps, aggregate, snapshot, { ...by, name, rows }));
  }
  if (outcome.failure.kind === "account_gone") {
    await losePayment(deps, aggregate, { actor: by.actor, rows }, effect);
    return refusedByStripe(outcome.failure, "state_wrong");
  }
  const snapshot = await afterRefusal(deps, aggregate);
  await settlePayment(deps, aggregate, snapshot, { actor: by.actor, name: `refuse-${name}`, rows });
  return refusedByStripe(outcome.failure, "state_wrong");
}
