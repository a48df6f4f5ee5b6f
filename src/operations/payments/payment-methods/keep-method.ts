import type { Statement } from "../../../db/database";
import { type PaymentMethod, type Shopper, updatePaymentMethod } from "../../../db/payments/payment-methods";
import { noteStripeObject } from "../../../db/stripe-objects";
import { enter } from "../../../domain/machine";
import { expiresLater, methodMachine } from "../../../domain/payments/payment-method";
import { type Result, success } from "../../../domain/result";
import type { MethodFacts } from "../../../stripe/payment-methods";
import { clear } from "../../attention";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import { reserveCall } from "../../effects";
import { detachment } from "./method-calls";
import { isPreferred, takePreference } from "./prefer-payment-method";

type Attached = Result<{ method: PaymentMethod; created: boolean }>;

/** A method with Stripe's description of it, and whether the shopper wants it preferred. */
export interface Arrival {
  method: PaymentMethod;
  facts: MethodFacts;
  preferred: boolean;
  /** Further rows of the same change. */
  rows: readonly Statement[];
}

/** Returns the card that the shopper already has on the same account, if there is one. */
export function sameCard({ methods }: Shopper, { id, stripeAccountId }: PaymentMethod, { fingerprint }: MethodFacts) {
  return methods.find(
    (one) =>
      one.id !== id &&
      one.state === "active" &&
      one.stripeAccountId === stripeAccountId &&
      fingerprint !== null &&
      one.fingerprint === fingerprint,
  );
}

/** Returns the columns that Stripe's description of a card fills. */
export function cardOf({ id, fingerprint, brand, last4, expMonth, expYear }: MethodFacts) {
  return { stripeId: id, fingerprint, brand, last4, expMonth, expYear };
}

/**
 * Stores a method that Stripe has attached to the shopper's customer. If the shopper has the same card already, the two
 * are merged.
 */
export async function keepMethod(deps: Deps, shopper: Shopper, arrival: Arrival): Promise<Attached> {
  const known = sameCard(shopper, arrival.method, arrival.facts);
  return known ? merge(deps, shopper, arrival, known) : keep(deps, shopper, arrival);
}

async function keep(deps: Deps, shopper: Shopper, { method, facts, preferred, rows }: Arrival): Promise<Attached> {
  const kept: PaymentMethod = {
    ...method,
    ...cardOf(facts),
    state: enter(methodMachine, "keep", method.state, "stripe"),
    preferred: isPreferred(shopper, preferred),
    updatedAt: deps.nowMs(),
  };
  const answer = success({ method: kept, created: true });
  await appendChange(deps, shopper, {
    name: "keep-payment-method",
    actor: "stripe",
    data: { methodId: kept.id, stripeId: facts.id, preferred: kept.preferred },
    rows: [...rows, ...rowsOf(deps, shopper, kept, facts.id)],
    answer,
  });
  return answer;
}

/**
 * Merges two methods of the same card. If the new one expires later, the bank has renewed the card: it replaces the old
 * one at Stripe, under the id that is known outside. The spare one is detached.
 */
async function merge(deps: Deps, shopper: Shopper, arrival: Arrival, known: PaymentMethod): Promise<Attached> {
  const { method, facts, preferred, rows } = arrival;
  const isRenewed = expiresLater(facts, known);
  const kept = cameAgain(deps, known, preferred, isRenewed ? cardOf(facts) : {});
  const spareId = isRenewed ? known.stripeId : facts.id;
  const spare = { ...method, stripeId: spareId, state: enter(methodMachine, "merge", method.state, "stripe") };
  const answer = success({ method: kept, created: false });
  await appendChange(deps, shopper, {
    name: isRenewed ? "renew-payment-method" : "merge-payment-method",
    actor: "stripe",
    data: { methodId: kept.id, stripeId: facts.id },
    rows: [
      ...rows,
      updatePaymentMethod(deps.db, spare, { stripeId: spareId, state: spare.state, updatedAt: deps.nowMs() }),
      ...rowsOf(deps, shopper, kept, facts.id),
      reserveCall(deps, detachment(deps, spare)),
    ],
    answer,
  });
  await deps.enqueueCommands([{ name: "resume-shopper", input: { userId: shopper.aggregateId } }]);
  return answer;
}

/** Stores a card that was recognised before it was attached, so nothing is left to do at Stripe. */
export async function recognise(
  deps: Deps,
  shopper: Shopper,
  known: PaymentMethod,
  { stripeId, preferred, rows }: { stripeId: string; preferred: boolean; rows: readonly Statement[] },
): Promise<Attached> {
  const kept = cameAgain(deps, known, preferred, {});
  const answer = success({ method: kept, created: false });
  await appendChange(deps, shopper, {
    name: "recognise-payment-method",
    actor: "stripe",
    data: { methodId: kept.id, stripeId },
    rows: [...rows, ...rowsOf(deps, shopper, kept, stripeId)],
    answer,
  });
  return answer;
}

/**
 * Returns the known method after its card was given again: preferred if that was requested, and updated only if
 * something changed.
 */
function cameAgain(deps: Deps, known: PaymentMethod, preferred: boolean, card: Partial<PaymentMethod>): PaymentMethod {
  const isNew = (preferred && !known.preferred) || card.stripeId !== undefined;
  return isNew ? { ...known, ...card, preferred: known.preferred || preferred, updatedAt: deps.nowMs() } : known;
}

/**
 * Makes the rows of a kept method, under every id that it has at Stripe, because payments and events find it by those.
 */
function rowsOf(deps: Deps, shopper: Shopper, kept: PaymentMethod, givenId: string): Statement[] {
  const { userId, id, state, preferred, updatedAt, stripeId, fingerprint, brand, last4, expMonth, expYear } = kept;
  const card = { stripeId, fingerprint, brand, last4, expMonth, expYear };
  return [
    ...(preferred ? takePreference(deps, shopper, id) : []),
    ...(shopper.methods.includes(kept)
      ? [] // unchanged
      : [updatePaymentMethod(deps.db, kept, { state, preferred, updatedAt, ...card })]),
    noteStripeObject(deps.db, givenId, { aggregateId: userId, subjectId: id }),
    // The shopper has a method on an existing customer again.
    clear(deps, userId, "developer", ["customer_gone", "method_gone"]),
  ];
}
