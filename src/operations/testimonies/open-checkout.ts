import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { type Checkout, type TestimonyAggregate, updateCheckout } from "../../db/testimonies";
import { checkoutMachine } from "../../domain/checkout";
import { enter } from "../../domain/machine";
import { type Result, refuse, success } from "../../domain/result";
import { createSession, findSession, type SessionFacts, type SessionOrder } from "../../stripe/checkout";
import { record } from "../change";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import { attempt, type EffectKind } from "../effects";
import { claimExpiry } from "./close-sessions";
import { nextLookAtMs } from "./look-again";

/** Creating the hosted page. Stripe lists sessions by time only, so a lost one is looked for since its claim. */
const createSessionEffect: EffectKind<SessionFacts> = {
  call: (deps, effect, key) => createSession(deps.stripe, orderOf(effect), key),
  find: (deps, effect) =>
    findSession(deps.stripe, orderOf(effect).checkoutId, Math.floor(effect.createdAt / 1000) - clockSkewSeconds),
};

/** Stripe's clock and ours may differ. */
const clockSkewSeconds = 60;

function orderOf(effect: StripeEffect): SessionOrder {
  return effect.params as unknown as SessionOrder; // as claimed by start-checkout
}

export type Opened = { aggregate: TestimonyAggregate; checkout: Checkout };

/**
 * Makes the claimed session at Stripe, or finds the one that was made, and writes it down. A session that nobody may pay
 * any more is expired at once. Refuses with `stripe_unavailable` while the outcome is open; the sweep goes on.
 */
export async function openCheckout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: "client" | "stripe" | "clock",
  /** Whether the answer is what the request asked for, to be remembered under its key. */
  answers = false,
): Promise<Result<Opened>> {
  const effect = aggregate.openEffects.find((one) => one.kind === "create-session" && one.subjectId === checkout.id);
  if (!effect) return refuse("stripe_unavailable", "the session's creation is not claimed");
  const outcome = await attempt(deps, effect, createSessionEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "refused") {
    await record(deps, aggregate, {
      name: "refuse-checkout",
      actor,
      data: { checkoutId: checkout.id, failure: outcome.failure.kind },
      rows: [
        outcome.settle,
        updateCheckout(deps.db, checkout, {
          state: enter(checkoutMachine, "refuse", checkout.state, actor),
          payable: null,
          dueAt: null,
        }),
      ],
    });
    return refuse("stripe_refused", outcome.failure.message);
  }
  const session = outcome.value;
  const changes = {
    state: enter(checkoutMachine, "open", checkout.state, actor),
    sessionId: session.id,
    url: session.url,
    dueAt: nextLookAtMs({ ...checkout, state: "open" }, deps.nowMs()),
  } as const;
  const expiry = isStillWanted(aggregate, checkout)
    ? undefined
    : claimExpiry(deps, checkout.testimonyId, checkout.id, session.id);
  const next = await record(deps, aggregate, {
    name: "open-checkout",
    actor,
    data: { checkoutId: checkout.id, sessionId: session.id },
    rows: [
      outcome.settle,
      updateCheckout(deps.db, checkout, changes),
      noteStripeObject(deps.db, session.id, { aggregateId: checkout.testimonyId, subjectId: checkout.id }),
      ...(expiry ? [expiry.row] : []),
    ],
    ...(answers && session.url !== null ? { answer: success({ url: session.url }) } : {}),
  });
  const follow: Command[] = expiry ? [expiry.command] : [];
  await deps.nudge(follow);
  const opened = { ...checkout, ...changes };
  return success({
    aggregate: { ...next, checkouts: next.checkouts.map((one) => (one.id === opened.id ? opened : one)) },
    checkout: opened,
  });
}

function isStillWanted({ testimony, offers }: TestimonyAggregate, checkout: Checkout): boolean {
  const offer = offers.find((one) => one.id === checkout.offerId);
  return testimony.state === "offered" && offer?.withdrawnAt === null;
}
