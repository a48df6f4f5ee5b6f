import {
  insertPaymentMethod,
  loadShopper,
  type PaymentMethod,
  type Shopper,
} from "../../../db/payments/payment-methods";
import { bucketOf } from "../../../domain/id";
import { expiresLater } from "../../../domain/payments/payment-method";
import { type Refused, type Result, refuse, success } from "../../../domain/result";
import { type MethodFacts, retrieveMethod } from "../../../stripe/payment-methods";
import { paramsOf } from "../../call-params";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import { openEffect, reserveCall } from "../../effects";
import { finishAttaching, refuseMethod } from "./finish-attaching";
import { cardOf, keepMethod, recognise, sameCard } from "./keep-method";
import { customerOn, firstCall } from "./method-calls";

interface GivenMethod {
  userId: string;
  developerId: string;
  appId: string;
  type: "card" | "token";
  givenId: string;
  preferred: boolean;
  /** Undefined for a method on the platform. */
  account: { id: string; stripeId: string } | undefined;
}

type Attached = Result<{ method: PaymentMethod; created: boolean }>;

/**
 * Stores a method for a shopper and attaches it at Stripe: to the customer of the platform, or of the named account.
 * Stripe is asked first what the method is, so that nothing is written for one that it does not know. A card that the
 * shopper already has is returned as it is. The first method becomes the preferred one.
 * src/guides/decisions.md#payment-methods
 */
export async function attachPaymentMethod(deps: Deps, input: GivenMethod): Promise<Attached> {
  const { userId, givenId, preferred } = input;
  const shopper = await loadShopper(deps.db, userId, givenId);
  if (shopper.named && shopper.named.aggregateId !== userId) return refuse("method_unknown");
  const stripeAccountId = input.account?.stripeId ?? "";
  const known = knownAs(shopper, stripeAccountId, givenId);
  if (known?.state === "attaching") return finishAttaching(deps, shopper, known);
  if (known) return again(deps, shopper, known, preferred);
  if (isCustomerUnderWay(shopper, stripeAccountId)) return refuseForNow(deps, userId);

  const method = newMethod(deps, input);
  return input.type === "token" ? begin(deps, shopper, method, preferred) : look(deps, shopper, method, preferred);
}

/**
 * Returns the method that a request names again, under any id that it has had. A method that is being removed does not
 * count.
 */
function knownAs({ methods, named }: Shopper, stripeAccountId: string, givenId: string): PaymentMethod | undefined {
  return methods.find(
    (one) =>
      one.stripeAccountId === stripeAccountId &&
      one.state !== "removing" &&
      (one.givenId === givenId || one.id === named?.subjectId),
  );
}

async function again(deps: Deps, shopper: Shopper, known: PaymentMethod, preferred: boolean): Promise<Attached> {
  if (known.preferred || !preferred || known.stripeId === null) return success({ method: known, created: false });
  return recognise(deps, shopper, known, { stripeId: known.stripeId, preferred, rows: [] });
}

function isCustomerUnderWay({ openEffects }: Shopper, stripeAccountId: string): boolean {
  return openEffects.some(
    (effect) =>
      effect.kind === "create-customer" && paramsOf(effect, "create-customer").stripeAccountId === stripeAccountId,
  );
}

/**
 * Refuses another method while the call that makes the shopper's customer has an unknown outcome, because there is one
 * customer an account.
 */
async function refuseForNow(deps: Deps, userId: string): Promise<Refused> {
  await deps.enqueueCommands([{ name: "resume-shopper", input: { userId } }]);
  return refuse("stripe_unavailable", "the shopper's customer is not known yet");
}

async function look(deps: Deps, shopper: Shopper, method: PaymentMethod, preferred: boolean): Promise<Attached> {
  const { givenId: methodId, stripeAccountId } = method;
  const asked = await retrieveMethod(deps.stripe, { methodId, stripeAccountId });
  if (!asked.ok) return refuseMethod(asked.failure);
  const facts = asked.value;
  const refused = refuseUnusable(shopper, stripeAccountId, facts);
  if (refused) return refused;
  const described = { ...method, ...cardOf(facts) };
  if (facts.customerId !== null) {
    // The method was attached already, out-of-band.
    return keepMethod(deps, shopper, {
      method: described,
      facts,
      preferred,
      rows: [insertPaymentMethod(deps.db, described)],
    });
  }
  const same = sameCard(shopper, method, facts);
  if (same && !expiresLater(facts, same)) {
    return recognise(deps, shopper, same, { stripeId: facts.id, preferred, rows: [] });
  }
  return begin(deps, shopper, described, preferred);
}

function refuseUnusable(shopper: Shopper, stripeAccountId: string, facts: MethodFacts): Refused | undefined {
  if (facts.kind !== "card") return refuse("method_refused", "The payment method is not a card.");
  if (shopper.methods.some(({ state, stripeId }) => state === "removing" && stripeId === facts.id)) {
    return refuse("method_refused", "The payment method was removed and may not be used again.");
  }
  if (facts.customerId !== null && facts.customerId !== customerOn(shopper, stripeAccountId)) {
    return refuse("method_refused", "The payment method belongs to another customer.");
  }
  return undefined;
}

async function begin(deps: Deps, shopper: Shopper, method: PaymentMethod, preferred: boolean): Promise<Attached> {
  const call = firstCall(deps, shopper, method, preferred);
  const { id: methodId, type, stripeAccountId } = method;
  const begun = await appendChange(deps, shopper, {
    name: "attach-payment-method",
    actor: "developer",
    data: { methodId, type, ...(stripeAccountId === "" ? {} : { stripeAccountId }) },
    rows: [insertPaymentMethod(deps.db, method), reserveCall(deps, call)],
  });
  return finishAttaching(deps, { ...begun, openEffects: [openEffect(deps, call)] }, method);
}

function newMethod(deps: Deps, input: GivenMethod): PaymentMethod {
  const { userId, developerId, appId, account, type, givenId } = input;
  return {
    userId,
    id: deps.newId(bucketOf(userId)),
    developerId,
    appId,
    accountId: account?.id ?? null,
    stripeAccountId: account?.stripeId ?? "",
    type,
    state: "attaching",
    givenId,
    stripeId: null,
    fingerprint: null,
    brand: null,
    last4: null,
    expMonth: null,
    expYear: null,
    preferred: false,
    createdAt: deps.nowMs(),
    updatedAt: deps.nowMs(),
  };
}
