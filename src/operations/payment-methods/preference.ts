import type { Statement } from "../../db/database";
import { type Shopper, updatePaymentMethod } from "../../db/payment-methods";
import { successorOf } from "../../domain/payment-method";
import type { Deps } from "../deps";

/** A shopper who has methods has one preferred: the first by itself, then whichever is asked for. */
export function isPreferred({ methods }: Pick<Shopper, "methods">, wanted: boolean): boolean {
  return wanted || !methods.some(({ state, preferred }) => state === "active" && preferred);
}

/** Takes the preference from whoever else has it. Comes before the row that gives it: the database allows one at a time. */
export function takePreference(deps: Deps, { methods }: Pick<Shopper, "methods">, toId: string): Statement[] {
  return methods
    .filter(({ id, preferred }) => preferred && id !== toId)
    .map((method) => updatePaymentMethod(deps.db, method, { preferred: false, updatedAt: deps.nowMs() }));
}

/** Hands the preference on when the method that has it goes. Comes after the row that takes it away. */
export function passPreference(deps: Deps, { methods }: Pick<Shopper, "methods">, goneId: string): Statement[] {
  if (!methods.some(({ id, preferred }) => id === goneId && preferred)) return [];
  const next = successorOf(methods, goneId);
  return next ? [updatePaymentMethod(deps.db, next, { preferred: true, updatedAt: deps.nowMs() })] : [];
}
