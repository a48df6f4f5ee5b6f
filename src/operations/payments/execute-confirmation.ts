import type { PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { success } from "../../domain/result";
import type { StripeFailure } from "../../stripe/failure";
import { paramsOf } from "../call-params";
import type { Deps } from "../deps";
import { attempt } from "../effects";
import { afterRefusal, asItIsNow, type By, type Executed, unknown } from "./after-call";
import type { Cause, Decline } from "./cause";
import { losePayment } from "./lose-payment";
import { unlessOrphaned } from "./orphaned-payment";
import { confirmIntentEffect } from "./payment-effects";
import { declinedAgain, refusedByStripe } from "./refused-by-stripe";
import { settlePayment } from "./settle-payment";

/**
 * Executes a confirmation. A decline is a regular answer: the payment may be tried again, and the decline is stored
 * under the caller's key.
 */
export async function executeConfirmation(
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
    const intent = await asItIsNow(deps, effect, outcome.value);
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
  const snapshot = isDeclined && isWhereItWas ? {} : await afterRefusal(deps, aggregate);
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
