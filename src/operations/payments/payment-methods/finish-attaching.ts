import type { Statement } from "../../../db/database";
import {
  insertCustomer,
  type PaymentMethod,
  type Shopper,
  updatePaymentMethod,
} from "../../../db/payments/payment-methods";
import type { StripeEffect } from "../../../db/stripe-effects";
import { enter } from "../../../domain/machine";
import { expiresLater, methodMachine } from "../../../domain/payments/payment-method";
import { type Refused, type Result, refuse } from "../../../domain/result";
import type { StripeFailure } from "../../../stripe/failure";
import type { MethodFacts } from "../../../stripe/payment-methods";
import { paramsOf } from "../../call-params";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import { attempt, type EffectOrder, type EffectOutcome, openEffect, reserveCall } from "../../effects";
import { refusedByStripe } from "../refused-by-stripe";
import { loseCustomer } from "./check-methods";
import { cardOf, keepMethod, recognise, sameCard } from "./keep-method";
import { customerOn, firstCall, nextCall } from "./method-calls";
import { attachMethodEffect, createCustomerEffect, exchangeTokenEffect } from "./method-effects";

type Attached = Result<{ method: PaymentMethod; created: boolean }>;

/**
 * Carries a method from its pending Stripe call to the end: a customer if the shopper has none on the account, a method
 * in exchange for a token, the attachment. A method in `attaching` has one pending call, and the end of each writes
 * down the next in its own batch, so that the sweep can resume from any point.
 */
export async function finishAttaching(deps: Deps, shopper: Shopper, method: PaymentMethod): Promise<Attached> {
  const effect = shopper.openEffects.find(({ subjectId }) => subjectId === method.id);
  switch (effect?.kind) {
    case "create-customer":
      return makeCustomer(deps, shopper, method, effect);
    case "exchange-token":
      return takeToken(deps, shopper, method, effect);
    case "attach-method":
      return attach(deps, shopper, method, effect);
    default:
      throw new Error(`no call attaches ${method.id}`);
  }
}

async function makeCustomer(
  deps: Deps,
  shopper: Shopper,
  method: PaymentMethod,
  effect: StripeEffect,
): Promise<Attached> {
  const outcome = await attempt(deps, effect, createCustomerEffect);
  if (outcome.end !== "done") return notDone(deps, shopper, method, outcome);
  const { userId, stripeAccountId } = method;
  const customer = { userId, stripeAccountId, stripeId: outcome.value.id, createdAt: deps.nowMs() };
  const call = nextCall(deps, method, customer.stripeId, paramsOf(effect, "create-customer").preferred);
  const change = { name: "create-customer", data: { stripeId: customer.stripeId } };
  const rows = [...outcome.settle, insertCustomer(deps.db, customer)];
  const withCustomer = { ...shopper, customers: [...shopper.customers, customer] };
  return continueAttaching(deps, withCustomer, method, call, { ...change, rows });
}

async function takeToken(deps: Deps, shopper: Shopper, method: PaymentMethod, effect: StripeEffect): Promise<Attached> {
  const outcome = await attempt(deps, effect, exchangeTokenEffect);
  if (outcome.end !== "done") return notDone(deps, shopper, method, outcome);
  const { preferred } = paramsOf(effect, "exchange-token");
  const facts = outcome.value;
  const known = sameCard(shopper, method, facts);
  if (known && !expiresLater(facts, known)) {
    const state = enter(methodMachine, "drop", method.state, "stripe");
    const rows = [...outcome.settle, updatePaymentMethod(deps.db, method, { state, updatedAt: deps.nowMs() })];
    return recognise(deps, shopper, known, { stripeId: facts.id, preferred, rows });
  }
  return keepToken(deps, shopper, method, { facts, preferred, settle: outcome.settle });
}

async function keepToken(
  deps: Deps,
  shopper: Shopper,
  method: PaymentMethod,
  { facts, preferred, settle }: { facts: MethodFacts; preferred: boolean; settle: readonly Statement[] },
): Promise<Attached> {
  const customerId = customerOn(shopper, method.stripeAccountId);
  if (customerId === undefined) throw new Error(`a token was attached without a customer for ${method.id}`);
  const changes = { ...cardOf(facts), updatedAt: deps.nowMs() };
  const described = { ...method, ...changes };
  const rows = [...settle, updatePaymentMethod(deps.db, method, changes)];
  const call = nextCall(deps, described, customerId, preferred);
  return continueAttaching(deps, shopper, described, call, { name: "take-token", data: { stripeId: facts.id }, rows });
}

async function attach(deps: Deps, shopper: Shopper, method: PaymentMethod, effect: StripeEffect): Promise<Attached> {
  const outcome = await attempt(deps, effect, attachMethodEffect);
  if (outcome.end === "refused" && outcome.failure.kind === "customer_gone") {
    return attachToAnother(deps, shopper, method, { effect, settle: outcome.settle });
  }
  if (outcome.end !== "done") return notDone(deps, shopper, method, outcome);
  const { preferred } = paramsOf(effect, "attach-method");
  return keepMethod(deps, shopper, { method, facts: outcome.value, preferred, rows: [...outcome.settle] });
}

/** Handles a deleted customer: its methods are gone, and this method is attached to a new one. */
async function attachToAnother(
  deps: Deps,
  shopper: Shopper,
  method: PaymentMethod,
  { effect, settle }: { effect: StripeEffect; settle: readonly Statement[] },
): Promise<Attached> {
  const without = await loseCustomer(deps, shopper, method.stripeAccountId);
  const call = firstCall(deps, without, method, paramsOf(effect, "attach-method").preferred);
  return continueAttaching(deps, without, method, call, { name: "replace-customer", data: {}, rows: settle });
}

async function continueAttaching(
  deps: Deps,
  shopper: Shopper,
  method: PaymentMethod,
  call: EffectOrder,
  { name, data, rows }: { name: string; data: Record<string, unknown>; rows: readonly Statement[] },
): Promise<Attached> {
  const next = await appendChange(deps, shopper, {
    name,
    actor: "stripe",
    data: { methodId: method.id, ...data },
    rows: [...rows, reserveCall(deps, call)],
  });
  return finishAttaching(deps, { ...next, openEffects: [openEffect(deps, call)] }, method);
}

/** Ends the method after a refusal. A decline by the bank is stored under the caller's key. */
async function notDone(
  deps: Deps,
  shopper: Shopper,
  method: PaymentMethod,
  outcome: Exclude<EffectOutcome<unknown>, { end: "done" }>,
): Promise<Attached> {
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  const refusal = refuseMethod(outcome.failure);
  const state = enter(methodMachine, "refuse", method.state, "stripe");
  await appendChange(deps, shopper, {
    name: "refuse-payment-method",
    actor: "stripe",
    data: { methodId: method.id, failure: outcome.failure.kind },
    rows: [...outcome.settle, updatePaymentMethod(deps.db, method, { state, updatedAt: deps.nowMs() })],
    ...(refusal.refusal === "card_declined" ? { answer: refusal } : {}),
  });
  return refusal;
}

/** Makes the refusal of a method, in Stripe's own words, or says that Stripe could not be asked. */
export function refuseMethod(failure: StripeFailure): Refused {
  if (failure.meaning !== "refused") return refuse("stripe_unavailable", failure.message);
  return refusedByStripe(failure, "method_refused");
}
