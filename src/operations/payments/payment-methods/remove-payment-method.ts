import {
  loadShopper,
  type PaymentMethod,
  type Shopper,
  updatePaymentMethod,
} from "../../../db/payments/payment-methods";
import type { StripeEffect } from "../../../db/stripe-effects";
import { enter } from "../../../domain/machine";
import { methodMachine } from "../../../domain/payments/payment-method";
import { done, type Result } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import { attempt, openEffect, reserveCall } from "../../effects";
import { detachment } from "./method-calls";
import { detachMethodEffect } from "./method-effects";
import { passPreference } from "./prefer-payment-method";

/**
 * Removes a method: nothing is paid with it any more, and Stripe is asked to detach it. If Stripe does not answer, the
 * sweep repeats the call, and the shopper need not wait. The newest of the other methods becomes the preferred one.
 * Removing it again changes nothing.
 */
export async function removePaymentMethod(
  deps: Deps,
  { userId, id }: { userId: string; id: string },
): Promise<Result<null>> {
  const shopper = await loadShopper(deps.db, userId);
  const method = shopper.methods.find((one) => one.id === id);
  if (method?.state !== "active") return done;
  const removing: PaymentMethod = { ...method, state: enter(methodMachine, "remove", method.state, "developer") };
  const order = detachment(deps, method);
  const position = await appendChange(deps, shopper, {
    name: "remove-payment-method",
    actor: "developer",
    data: { methodId: id },
    rows: [
      updatePaymentMethod(deps.db, method, { state: removing.state, preferred: false, updatedAt: deps.nowMs() }),
      ...passPreference(deps, shopper, id),
      reserveCall(deps, order),
    ],
    answer: done,
  });
  await finishRemoving(deps, position, removing, openEffect(deps, order));
  return done;
}

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
