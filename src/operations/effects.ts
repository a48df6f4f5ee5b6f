import { type Statement, write } from "../db/database";
import {
  claimEffect,
  noteSending,
  postponeEffect,
  renewEffect,
  type StripeEffect,
  settleEffect,
} from "../db/stripe-effects";
import type { StripeFailure, StripeOutcome } from "../stripe/failure";
import type { Deps } from "./deps";

/** How one kind of call is made, and how Stripe is asked whether it was made already. */
export interface EffectKind<Value extends { id: string }> {
  call: (deps: Deps, effect: StripeEffect, key: string) => Promise<StripeOutcome<Value>>;
  find: (deps: Deps, effect: StripeEffect) => Promise<StripeOutcome<Value | undefined>>;
}

/** `settle` goes into the batch that writes what follows from the outcome. */
export type EffectOutcome<Value> =
  | { end: "done"; value: Value; settle: Statement }
  | { end: "refused"; failure: StripeFailure; settle: Statement }
  | { end: "open"; failure: StripeFailure };

/** The sweep takes up a claimed call that nobody has settled after this long. The lock makes an early look harmless. */
const graceMs = 5_000;

/** Stripe forgets an idempotency key after a day: before that, a repeat is safe; after it, Stripe is asked first. */
const keyLifetimeMs = 23 * 60 * 60 * 1000;

/** How old what is written of the last sending may be: before a later one it is written anew. */
export const sendingKnownMs = 60_000;

/** Stripe's list holds more than one run reads: it is read on soon. */
const readOnMs = 1_000;

/** When a call is repeated that has failed so often. */
const retryDelaysMs = [2_000, 5_000, 15_000, 60_000];

/** Later on, after a twelfth of its age within these bounds: after an hour of outage, all are tried again within minutes. */
const laterDelayMs = { least: 5 * 60_000, most: 60 * 60_000 };

/** What a call is for, and what it will send. */
export interface EffectOrder {
  aggregateId: string;
  id: string;
  kind: string;
  subjectId: string;
  params: object;
}

/** A call to be claimed: its row goes into the batch that decides on it. */
export function claim(deps: Deps, order: EffectOrder): Statement {
  const { aggregateId, id, kind, subjectId, params, createdAt } = openEffect(deps, order);
  return claimEffect(deps.db, { aggregateId, id, kind, subjectId, params, createdAt, dueAt: createdAt + graceMs });
}

/** The same call as it stands right after its claim, for whoever makes it in the same turn. */
export function openEffect(deps: Deps, order: EffectOrder): StripeEffect {
  const createdAt = deps.nowMs();
  return {
    ...order,
    params: order.params as Record<string, unknown>,
    state: "open",
    generation: 0,
    attempts: 0,
    sentAt: createdAt,
    lastSentAt: createdAt,
    look: null,
    dueAt: null,
    resultId: null,
    failure: null,
    createdAt,
  };
}

/**
 * Makes a claimed call. Repeats send the same parameters under the same key, which Stripe answers with what it did the
 * first time. After a 500 (which Stripe may have stored under the key), when Stripe knows the key with other parameters,
 * and after the key's lifetime, Stripe is asked what exists before a new key is used. An open outcome is written down and
 * taken up again by the sweep.
 */
export async function attempt<Value extends { id: string }>(
  deps: Deps,
  effect: StripeEffect,
  kind: EffectKind<Value>,
): Promise<EffectOutcome<Value>> {
  let current = effect;
  if (mustLookFirst(deps, effect)) {
    const found = await kind.find(deps, effect);
    // Why Stripe had to be asked still stands: a repeat under the old key would only bring the stored answer again.
    if (!found.ok) return putOff(deps, effect, found.failure, effect.failure ?? undefined);
    if (found.value) return finish(deps, effect, found.value);
    const renewed = { generation: effect.generation + 1, sentAt: deps.nowMs() };
    current = { ...effect, ...renewed, lastSentAt: renewed.sentAt, look: null };
    await deps.db.batch([renewEffect(deps.db, effect, renewed)]);
  } else if (deps.nowMs() - effect.lastSentAt > sendingKnownMs) {
    await deps.db.batch([noteSending(deps.db, effect, deps.nowMs())]);
  }
  const outcome = await kind.call(deps, current, `${effect.id}.${current.generation}`);
  if (outcome.ok) return finish(deps, effect, outcome.value);
  if (outcome.failure.meaning === "refused") {
    const { kind: reason, message } = outcome.failure;
    const settle = settleEffect(deps.db, effect, { state: "refused", failure: `${reason}: ${message}` });
    return { end: "refused", failure: outcome.failure, settle };
  }
  return putOff(deps, current, outcome.failure);
}

function mustLookFirst(deps: Deps, effect: StripeEffect): boolean {
  const isOld = deps.nowMs() - (effect.sentAt ?? effect.createdAt) > keyLifetimeMs;
  return isOld || /^(server_error|parameters_changed)/.test(effect.failure ?? "");
}

/**
 * Whether a call was last sent so long ago that Stripe has done it by now, or never will: the longer waits between its
 * attempts have begun, and the present one is over.
 */
export function isQuiet(deps: Deps, { attempts, dueAt }: StripeEffect): boolean {
  return attempts > 3 && (dueAt ?? Number.POSITIVE_INFINITY) <= deps.nowMs();
}

function finish<Value extends { id: string }>(deps: Deps, effect: StripeEffect, value: Value): EffectOutcome<Value> {
  return { end: "done", value, settle: settleEffect(deps.db, effect, { state: "done", resultId: value.id }) };
}

/** Writes down that a call's outcome is open, and when it is taken up again. */
export async function putOff(
  deps: Deps,
  effect: StripeEffect,
  failure: StripeFailure,
  reason = `${failure.kind}: ${failure.message}`,
): Promise<EffectOutcome<never>> {
  const isReading = failure.kind === "not_read_yet";
  const ageMs = deps.nowMs() - effect.createdAt;
  const laterMs = Math.min(Math.max(ageMs / 12, laterDelayMs.least), laterDelayMs.most);
  const delayMs = isReading ? readOnMs : (retryDelaysMs[effect.attempts] ?? laterMs);
  await write(deps.db, [
    postponeEffect(deps.db, effect, {
      attempts: effect.attempts + (isReading ? 0 : 1),
      dueAt: Math.round(deps.nowMs() + delayMs),
      failure: reason,
    }),
  ]);
  deps.log.warn("stripe_call_open", { effectId: effect.id, kind: effect.kind, failure: failure.kind });
  return { end: "open", failure };
}
