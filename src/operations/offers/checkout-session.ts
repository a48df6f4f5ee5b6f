import type { Statement } from "../../db/database";
import { type Checkout, type TestimonyAggregate, updateCheckout } from "../../db/offers/testimonies";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { bucketOf } from "../../domain/id";
import { enter } from "../../domain/machine";
import { checkoutMachine, nextPollAtMs } from "../../domain/offers/checkout";
import { type Result, refuse, success } from "../../domain/result";
import { createSession, findSession, type SessionFacts } from "../../stripe/checkout";
import { paramsOf } from "../call-params";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { EffectKind } from "../effect-kind";
import { attempt, type EffectOutcome, reserveCall } from "../effects";
import { findOutcome } from "../find-outcome";
import type { FollowUp } from "../follow-ups";

/** How to create the hosted page, and how to find it. Stripe filters sessions by time only. */
const createSessionEffect: EffectKind<SessionFacts> = {
  call: (deps, effect, key) => createSession(deps.stripe, orderOf(effect), key),
  find: (deps, effect) =>
    findOutcome(deps, effect, (start) => findSession(deps.stripe, orderOf(effect).checkoutId, start)),
};

function orderOf(effect: StripeEffect) {
  return paramsOf(effect, "create-session");
}

export type Opened = { aggregate: TestimonyAggregate; checkout: Checkout };

/**
 * Makes the session of the pending call at Stripe, or finds the one that was made, and writes it down. A session that
 * nobody may pay any more is expired at once. Refuses `stripe_unavailable` while the outcome is unknown; the sweep
 * resumes it.
 */
export async function openCheckout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
  /** Whether the answer is what the request asked for, to be stored under its key. */
  answers = false,
): Promise<Result<Opened>> {
  const effect = aggregate.openEffects.find((one) => one.kind === "create-session" && one.subjectId === checkout.id);
  if (!effect) return refuse("stripe_unavailable", "the session's creation is not claimed");
  const outcome = await attempt(deps, effect, createSessionEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "refused") return refuseCheckout(deps, aggregate, checkout, actor, outcome);
  return success(await writeOpened(deps, aggregate, checkout, actor, outcome, answers));
}

type Actor = "client" | "stripe" | "clock";
type Outcome<End extends string> = Extract<EffectOutcome<SessionFacts>, { end: End }>;

async function refuseCheckout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
  { failure, settle }: Outcome<"refused">,
): Promise<Result<Opened>> {
  const state = enter(checkoutMachine, "refuse", checkout.state, actor);
  await appendChange(deps, aggregate, {
    name: "refuse-checkout",
    actor,
    data: { checkoutId: checkout.id, failure: failure.kind },
    rows: [...settle, updateCheckout(deps.db, checkout, { state, payable: null, dueAt: null })],
  });
  return refuse("stripe_refused", failure.message);
}

async function writeOpened(
  deps: Deps,
  aggregate: TestimonyAggregate,
  checkout: Checkout,
  actor: Actor,
  { value: session, settle }: Outcome<"done">,
  answers: boolean,
): Promise<Opened> {
  const { testimonyId, id: checkoutId } = checkout;
  const changes = {
    state: enter(checkoutMachine, "open", checkout.state, actor),
    sessionId: session.id,
    url: session.url,
    dueAt: nextPollAtMs({ ...checkout, state: "open" }, deps.nowMs()),
  } as const;
  const expiry = isStillWanted(aggregate, checkout)
    ? undefined
    : reserveExpiry(deps, testimonyId, checkoutId, session.id);
  const next = await appendChange(deps, aggregate, {
    name: "open-checkout",
    actor,
    data: { checkoutId, sessionId: session.id },
    rows: [
      ...settle,
      updateCheckout(deps.db, checkout, changes),
      noteStripeObject(deps.db, session.id, { aggregateId: testimonyId, subjectId: checkoutId }),
      ...(expiry ? [expiry.row] : []),
    ],
    ...(answers && session.url !== null ? { answer: success({ url: session.url }) } : {}),
  });
  await deps.enqueueCommands(expiry ? [expiry.command] : []);
  const opened = { ...checkout, ...changes };
  const checkouts = next.checkouts.map((one) => (one.id === opened.id ? opened : one));
  return { aggregate: { ...next, checkouts }, checkout: opened };
}

function isStillWanted({ testimony, offers }: TestimonyAggregate, checkout: Checkout): boolean {
  const offer = offers.find((one) => one.id === checkout.offerId);
  return testimony.state === "offered" && offer?.withdrawnAt === null;
}

/**
 * Makes the pending calls that expire a testimony's open sessions: the rows go into the deciding batch, the calls are
 * made after it. A session whose creation is pending has no id yet: it is expired as soon as it turns out to exist.
 */
export function closeSessions(
  deps: Deps,
  aggregate: TestimonyAggregate,
  which: (checkout: Checkout) => boolean = () => true,
): { rows: Statement[]; next: FollowUp[] } {
  const rows: Statement[] = [];
  const next: FollowUp[] = [];
  for (const checkout of aggregate.checkouts.filter((one) => one.state === "open" && which(one))) {
    const isPending = aggregate.openEffects.some(
      (one) => one.kind === "expire-session" && one.subjectId === checkout.id,
    );
    if (isPending || checkout.sessionId === null) continue;
    const { row, command } = reserveExpiry(deps, checkout.testimonyId, checkout.id, checkout.sessionId);
    rows.push(row);
    next.push(command);
  }
  return { rows, next };
}

/** Makes one pending call that expires a session, and the command that executes it. */
export function reserveExpiry(deps: Deps, testimonyId: string, checkoutId: string, sessionId: string) {
  const id = deps.newId(bucketOf(testimonyId));
  const row = reserveCall(deps, {
    aggregateId: testimonyId,
    id,
    kind: "expire-session",
    subjectId: checkoutId,
    params: { sessionId },
  });
  const command: FollowUp = {
    name: "resume-effect",
    input: { root: "testimony", aggregateId: testimonyId, effectId: id },
  };
  return { effectId: id, row, command };
}
