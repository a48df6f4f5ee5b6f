import type { PaymentAggregate } from "../../db/payments/payments";
import type { StripeEffect } from "../../db/stripe-effects";
import { success } from "../../domain/result";
import { type ConnectedRefundFacts, retrieveFee } from "../../stripe/connected-refunds";
import { paramsOf } from "../call-params";
import type { Deps } from "../deps";
import { attempt } from "../effects";
import { type By, type Executed, unknown } from "./after-call";
import { losePayment } from "./lose-payment";
import { createRefundEffect } from "./payment-effects";
import type { StripeSnapshot } from "./payment-postings";
import { pollStripe } from "./poll-stripe";
import { refusedByStripe } from "./refused-by-stripe";
import { settlePayment } from "./settle-payment";

/** Executes a pending refund. A refund that Stripe refuses counts as failed. */
export async function executeRefund(
  deps: Deps,
  aggregate: PaymentAggregate,
  effect: StripeEffect,
  by: By,
): Promise<Executed> {
  const { refundId } = orderOf(effect);
  const outcome = await attempt(deps, effect, createRefundEffect);
  if (outcome.end === "open") return unknown(outcome.failure);
  const rows = [...outcome.settle];
  if (outcome.end === "done") {
    const snapshot = await asTheyAreNow(deps, aggregate, effect, outcome.value);
    return success(await settlePayment(deps, aggregate, snapshot, { ...by, name: "refund-payment", rows }));
  }
  const refusedRefund = { id: refundId, failure: outcome.failure.message };
  if (outcome.failure.kind === "account_gone") {
    await losePayment(deps, aggregate, { actor: by.actor, rows, refusedRefund }, effect);
    return refusedByStripe(outcome.failure, "nothing_refundable");
  }
  // Somebody may have refunded money out-of-band, so that less was left than we thought.
  const asked = await pollStripe(deps, aggregate, "refunds");
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

/**
 * Reads the refund and the rest of our fee. An answer that Stripe repeats for an idempotency key is as old as the
 * first: the refund may have failed since. What Stripe does not answer at this moment is asked for soon.
 */
async function asTheyAreNow(
  deps: Deps,
  aggregate: PaymentAggregate,
  effect: StripeEffect,
  refund: ConnectedRefundFacts,
): Promise<StripeSnapshot> {
  if (effect.attempts > 0) {
    const asked = await pollStripe(deps, aggregate, "refunds");
    return asked.ok ? asked.value : { refunds: [refund], isIncomplete: true };
  }
  const feeId = orderOf(effect).returnsFee ? feeIdOf(aggregate) : undefined;
  if (feeId === undefined) return { refunds: [refund] };
  const fee = await retrieveFee(deps.stripe, feeId);
  return fee.ok ? { refunds: [refund], fee: fee.value } : { refunds: [refund], isIncomplete: true };
}

/** Returns the id of the fee that we have booked. */
function feeIdOf({ posted }: PaymentAggregate): string | undefined {
  const taken = posted.find(({ account, sumMinor }) => account === "application_fees" && sumMinor < 0);
  return taken?.reference ?? undefined;
}

function orderOf(effect: StripeEffect) {
  return paramsOf(effect, "create-payment-refund");
}
