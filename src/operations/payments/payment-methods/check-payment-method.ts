import {
  loadShopper,
  type PaymentMethod,
  type Shopper,
  updatePaymentMethod,
} from "../../../db/payments/payment-methods";
import { done, type Result, refuse } from "../../../domain/result";
import { type MethodFacts, retrieveMethod } from "../../../stripe/payment-methods";
import { raise } from "../../attention";
import { appendChange } from "../../change";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";
import { cardOf, sameCard } from "./keep-method";
import { goneEvent, goneRow } from "./lose-customer";
import { passPreference } from "./preference";

/**
 * Brings a method to its present state at Stripe: the bank may have renewed the card, and somebody may have detached
 * the method out-of-band. The event that caused the check is not trusted.
 */
export async function checkPaymentMethod(
  deps: Deps,
  { userId, id }: Input<"check-payment-method">,
): Promise<Result<null>> {
  const shopper = await loadShopper(deps.db, userId);
  const method = shopper.methods.find((one) => one.id === id);
  if (method?.state !== "active" || method.stripeId === null) return done;
  const { stripeId: methodId, stripeAccountId } = method;
  const asked = await retrieveMethod(deps.stripe, { methodId, stripeAccountId });
  if (!asked.ok && asked.failure.meaning !== "refused") return refuse("stripe_unavailable", asked.failure.message);
  if (!asked.ok || asked.value.customerId === null) return lose(deps, shopper, method);
  return follow(deps, shopper, method, asked.value);
}

async function lose(deps: Deps, shopper: Shopper, method: PaymentMethod): Promise<Result<null>> {
  await appendChange(deps, shopper, {
    name: "lose-payment-method",
    actor: "stripe",
    data: { methodId: method.id },
    rows: [
      goneRow(deps, method),
      ...passPreference(deps, shopper, method.id),
      raise(deps, shopper.aggregateId, { kind: "method_gone", aboutKind: "method", aboutId: method.id }),
    ],
    events: [goneEvent(method, "detached")],
  });
  return done;
}

/**
 * Stores what Stripe reports of the card. If its new number is that of another card of the shopper, only the other one
 * is found by the number.
 */
async function follow(deps: Deps, shopper: Shopper, method: PaymentMethod, facts: MethodFacts): Promise<Result<null>> {
  const card = cardOf(sameCard(shopper, method, facts) ? { ...facts, fingerprint: null } : facts);
  const isNew = (Object.keys(card) as (keyof typeof card)[]).some((member) => card[member] !== method[member]);
  if (!isNew) return done;
  await appendChange(deps, shopper, {
    name: "update-payment-method",
    actor: "stripe",
    data: { methodId: method.id },
    rows: [updatePaymentMethod(deps.db, method, { ...card, updatedAt: deps.nowMs() })],
  });
  return done;
}
