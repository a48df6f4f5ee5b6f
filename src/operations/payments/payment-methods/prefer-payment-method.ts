import type { Statement } from "../../../db/database";
import {
  loadShopper,
  type PaymentMethod,
  type Shopper,
  updatePaymentMethod,
} from "../../../db/payments/payment-methods";
import { successorOf } from "../../../domain/payments/payment-method";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";

/** Makes a method the one that pays when none is named. The same batch takes the preference from the others. */
export async function preferPaymentMethod(
  deps: Deps,
  { userId, id }: { userId: string; id: string },
): Promise<Result<PaymentMethod>> {
  const shopper = await loadShopper(deps.db, userId);
  const method = shopper.methods.find((one) => one.id === id);
  if (method?.state !== "active") return refuse("method_unknown");
  if (method.preferred) return success(method);
  const preferred = { ...method, preferred: true, updatedAt: deps.nowMs() };
  await appendChange(deps, shopper, {
    name: "prefer-payment-method",
    actor: "developer",
    data: { methodId: id },
    rows: [
      ...takePreference(deps, shopper, id),
      updatePaymentMethod(deps.db, method, { preferred: true, updatedAt: preferred.updatedAt }),
    ],
    answer: success(preferred),
  });
  return success(preferred);
}

/** Tells whether a new method becomes the preferred one: if that is requested, or if no active method is preferred. */
export function isPreferred({ methods }: Pick<Shopper, "methods">, wanted: boolean): boolean {
  return wanted || !methods.some(({ state, preferred }) => state === "active" && preferred);
}

/**
 * Makes the rows that take the preference from the other methods. They come before the row that gives it, because the
 * database allows one at a time.
 */
export function takePreference(deps: Deps, { methods }: Pick<Shopper, "methods">, toId: string): Statement[] {
  return methods
    .filter(({ id, preferred }) => preferred && id !== toId)
    .map((method) => updatePaymentMethod(deps.db, method, { preferred: false, updatedAt: deps.nowMs() }));
}

/**
 * Makes the row that passes the preference on when the preferred method is removed. It comes after the row that takes
 * it away.
 */
export function passPreference(deps: Deps, { methods }: Pick<Shopper, "methods">, goneId: string): Statement[] {
  if (!methods.some(({ id, preferred }) => id === goneId && preferred)) return [];
  const next = successorOf(methods, goneId);
  return next ? [updatePaymentMethod(deps.db, next, { preferred: true, updatedAt: deps.nowMs() })] : [];
}
