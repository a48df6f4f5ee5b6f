import type { Statement } from "../../../db/database";
import {
  deleteCustomer,
  loadShopper,
  type PaymentMethod,
  type Shopper,
  updatePaymentMethod,
} from "../../../db/payments/payment-methods";
import { enter } from "../../../domain/machine";
import { methodMachine, successorOf } from "../../../domain/payments/payment-method";
import { done, type Result, refuse } from "../../../domain/result";
import { retrieveCustomer } from "../../../stripe/customers";
import { type MethodFacts, retrieveMethod } from "../../../stripe/payment-methods";
import { raise } from "../../attention";
import { appendChange, type NextChange } from "../../change";
import type { Deps } from "../../deps";
import type { FollowUps } from "../../follow-ups";
import { cardOf, sameCard } from "./keep-method";
import { passPreference } from "./prefer-payment-method";

/**
 * Brings a method to its present state at Stripe: the bank may have renewed the card, and somebody may have detached
 * the method out-of-band. The event that caused the check is not trusted.
 */
export async function checkPaymentMethod(
  deps: Deps,
  { userId, id }: FollowUps["check-payment-method"],
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

/**
 * Asks Stripe whether a shopper's customer on an account still exists. The event that caused the check is not trusted.
 */
export async function checkCustomer(
  deps: Deps,
  { userId, stripeAccountId }: FollowUps["check-customer"],
): Promise<Result<null>> {
  const shopper = await loadShopper(deps.db, userId);
  const customer = shopper.customers.find((one) => one.stripeAccountId === stripeAccountId);
  if (!customer) return done;
  const asked = await retrieveCustomer(deps.stripe, { id: customer.stripeId, stripeAccountId });
  // An account that is gone has its own event, so its customers need none.
  if (!asked.ok)
    return asked.failure.kind === "account_gone" ? done : refuse("stripe_unavailable", asked.failure.message);
  if (!asked.value) await loseCustomer(deps, shopper, stripeAccountId);
  return done;
}

/**
 * Handles a customer that was deleted at Stripe, with every method attached to it. The row is deleted, so that the
 * shopper gets another customer with the next method; the operator sees this until then.
 */
export async function loseCustomer(deps: Deps, shopper: Shopper, stripeAccountId: string): Promise<Shopper> {
  const customer = shopper.customers.find((one) => one.stripeAccountId === stripeAccountId);
  if (!customer) return shopper;
  const lost = shopper.methods.filter((one) => one.state === "active" && one.stripeAccountId === stripeAccountId);
  const left = shopper.methods.filter((one) => !lost.includes(one));
  const heir = lost.some(({ preferred }) => preferred) ? successorOf(left, "") : undefined;
  const position = await appendChange(deps, shopper, {
    name: "lose-customer",
    actor: "stripe",
    data: { stripeId: customer.stripeId, methodIds: lost.map(({ id }) => id) },
    rows: [
      deleteCustomer(deps.db, customer),
      ...lost.map((method) => goneRow(deps, method)),
      ...(heir ? [updatePaymentMethod(deps.db, heir, { preferred: true, updatedAt: deps.nowMs() })] : []),
      raise(deps, shopper.aggregateId, { kind: "customer_gone", aboutKind: "customer", aboutId: customer.stripeId }),
    ],
    events: lost.map((method) => goneEvent(method, "customer_deleted")),
  });
  const customers = shopper.customers.filter((one) => one !== customer);
  const methods = left.map((one) => (one === heir ? { ...one, preferred: true } : one));
  return { ...position, customers, methods };
}

/** Makes the row of a method that cannot be used any more. */
function goneRow(deps: Deps, method: PaymentMethod): Statement {
  const state = enter(methodMachine, "lose", method.state, "stripe");
  return updatePaymentMethod(deps.db, method, { state, preferred: false, updatedAt: deps.nowMs() });
}

/** Makes the event that tells the developer of it. */
function goneEvent(
  { id, userId, appId, stripeAccountId }: PaymentMethod,
  reason: "detached" | "customer_deleted",
): NonNullable<NextChange["events"]>[number] {
  const accountId = stripeAccountId === "" ? null : stripeAccountId;
  return { type: "payment_method.gone", data: { paymentMethodId: id, userId, appId, accountId, reason } };
}
