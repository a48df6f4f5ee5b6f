import { type PaymentMethod, type Shopper, updatePaymentMethod } from "../../../db/payments/payment-methods";
import type { StripeEffect } from "../../../db/stripe-effects";
import { enter } from "../../../domain/machine";
import { methodMachine } from "../../../domain/payments/payment-method";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import { attempt } from "../../effects";
import { detachMethodEffect } from "./method-effects";

/**
 * Detaches a method at Stripe. If Stripe refuses, it is detached already; if Stripe does not answer, the sweep resumes
 * the call.
 */
export async function finishRemoving(
  deps: Deps,
  shopper: Shopper,
  method: PaymentMethod,
  effect: StripeEffect,
): Promise<void> {
  const outcome = await attempt(deps, effect, detachMethodEffect);
  if (outcome.end === "open") return;
  const state = enter(methodMachine, "detach", method.state, "stripe");
  await appendChange(deps, shopper, {
    name: "detach-payment-method",
    actor: "stripe",
    data: { methodId: method.id, ...(outcome.end === "refused" ? { failure: outcome.failure.kind } : {}) },
    rows: [...outcome.settle, updatePaymentMethod(deps.db, method, { state, updatedAt: deps.nowMs() })],
  });
}
