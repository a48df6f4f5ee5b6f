import { type Statement, write } from "../db/database";
import type { RestoreMark } from "../db/restore-mark";
import {
  insertCall,
  noteSending,
  postponeEffect,
  renewEffect,
  type StripeEffect,
  settleEffect,
} from "../db/stripe-effects";
import type { CallKind } from "../domain/stripe-call";
import { backOffMs, dayMs, hourMs, minuteMs, secondMs } from "../domain/time";
import { failure, type StripeFailure } from "../stripe/failure";
import { byOperator, clear, raise } from "./attention";
import type { CallParams } from "./call-params";
import type { Deps, Verdict } from "./deps";
import type { EffectKind } from "./effect-kind";
import { lostTimeOf } from "./lost-time";

/** The outcome of an attempt. `settle` belongs into the batch that writes what follows from the outcome. */
export type EffectOutcome<Value> =
  | { end: "done"; value: Value; settle: readonly Statement[] }
  | { end: "refused"; failure: StripeFailure; settle: readonly Statement[] }
  | { end: "open"; failure: StripeFailure };

/**
 * Delay after which the sweep resumes a pending call that nobody has settled. Its idempotency key makes an early repeat
 * harmless.
 */
const graceMs = 5_000;

/** Stripe keeps an idempotency key for a day: until then a request that is still under way may do the work. */
export const stripeKeyKeptMs = dayMs;

/** Age up to which a repeat under the same key is safe; after it, Stripe is asked first. */
const keyLifetimeMs = stripeKeyKeptMs - hourMs;

/** Greatest age of the recorded time of the last sending: before a later sending it is recorded again. */
export const sendingKnownMs = minuteMs;

/** Delay before the next read, when Stripe's list is longer than one run reads. */
const readOnMs = 1_000;

/** Delays before the first repeats of a failed call, by the number of attempts. */
const retryDelaysMs = [2 * secondMs, 5 * secondMs, 15 * secondMs, minuteMs];

/**
 * Bounds of the later delays, which are a twelfth of the call's age: however long an outage lasts, all calls are tried
 * again soon after it.
 */
const laterDelayMs = { least: 5 * minuteMs, most: 15 * minuteMs };

/** The purpose of a call, and the parameters of its kind. */
export type EffectOrder<K extends CallKind = CallKind> = {
  [Kind in K]: { aggregateId: string; id: string; kind: Kind; subjectId: string; params: CallParams[Kind] };
}[K];

/** Makes the row of a pending call, for the batch that decides on the call. */
export function reserveCall(deps: Deps, order: EffectOrder): Statement {
  const { aggregateId, id, kind, subjectId, params, createdAt } = openEffect(deps, order);
  return insertCall(deps.db, { aggregateId, id, kind, subjectId, params, createdAt, dueAt: createdAt + graceMs });
}

/** Returns the same call as it is right after it was written down, for the code that makes it at once. */
export function openEffect(deps: Deps, order: EffectOrder): StripeEffect {
  const createdAt = deps.nowMs();
  return {
    ...order,
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
 * Makes a pending call. Repeats send the same parameters under the same key, to which Stripe gives the first answer
 * again. After a 500 (which Stripe may have stored under the key), when Stripe knows the key with other parameters,
 * after the key's lifetime, and when the database was restored to a moment after the subject was made, Stripe is asked
 * what exists before a new key is used. An unknown outcome is written down, and the sweep resumes the call.
 */
export async function attempt<Value extends { id: string }>(
  deps: Deps,
  effect: StripeEffect,
  kind: EffectKind<Value>,
): Promise<EffectOutcome<Value>> {
  if (deps.verdict?.effectId === effect.id) return endByVerdict(deps, effect, kind, deps.verdict);
  let current = effect;
  if (mustSearchFirst(deps, effect, await lostTimeOf(deps, effect.subjectId))) {
    const found = await kind.find(deps, effect);
    // Stripe does not show us the account any more: we can neither learn what was done there nor do anything more.
    if (!found.ok && found.failure.kind === "account_gone") return refuseFor(deps, effect, found.failure);
    // The reason to ask Stripe first remains: a repeat under the old key would only bring the stored answer again.
    if (!found.ok)
      return putOff(deps, effect, found.failure, effect.failure ?? undefined, stuck(deps, effect, found.failure));
    if (found.value) return finish(deps, effect, found.value);
    if (isStopped(effect))
      return putOff(deps, effect, failure("unreachable", "an operator has stopped it"), effect.failure ?? "");
    const renewed = { generation: effect.generation + 1, sentAt: deps.nowMs() };
    current = { ...effect, ...renewed, lastSentAt: renewed.sentAt, look: null };
    await deps.db.batch([renewEffect(deps.db, effect, renewed)]);
  } else if (deps.nowMs() - effect.lastSentAt > sendingKnownMs) {
    await deps.db.batch([noteSending(deps.db, effect, deps.nowMs())]);
  }
  const outcome = await kind.call(deps, current, `${effect.id}.${current.generation}`);
  if (outcome.ok) return finish(deps, current, outcome.value);
  if (outcome.failure.meaning === "refused") return refuseFor(deps, current, outcome.failure);
  return putOff(deps, { ...current, lastSentAt: deps.nowMs() }, outcome.failure);
}

/**
 * Stops asking after Stripe refuses a look-up for good: it will not be answered later either, so an operator must say
 * how the call ended.
 */
function stuck(
  deps: Deps,
  { aggregateId, id, kind }: StripeEffect,
  { meaning, kind: why }: StripeFailure,
): Statement[] {
  if (meaning !== "refused") return [];
  const about = { aboutKind: "stripe_call", aboutId: id, note: `${kind}: ${why}` } as const;
  return [raise(deps, aggregateId, { kind: "stripe_call_stuck", ...about })];
}

/** Makes the rows that end a call and close the operator's notice about it. */
export function endCall(deps: Deps, effect: StripeEffect, how: Parameters<typeof settleEffect>[2]): Statement[] {
  return [settleEffect(deps.db, effect, how), ...(effect.attempts > 0 ? [notStuck(deps, effect)] : [])];
}

function notStuck(deps: Deps, { aggregateId, id }: StripeEffect): Statement {
  const { verdict } = deps;
  const by = verdict ? byOperator(verdict.operator) : "clock";
  const note = verdict ? { note: verdict.note } : {};
  return clear(deps, aggregateId, by, ["stripe_call_stuck"], { aboutId: id, ...note });
}

function refuseFor(deps: Deps, effect: StripeEffect, refused: StripeFailure): EffectOutcome<never> {
  const settle = endCall(deps, effect, { state: "refused", failure: `${refused.kind}: ${refused.message}` });
  return { end: "refused", failure: refused, settle };
}

function mustSearchFirst(deps: Deps, effect: StripeEffect, lost: RestoreMark | undefined): boolean {
  const isOld = deps.nowMs() - (effect.sentAt ?? effect.createdAt) > keyLifetimeMs;
  return isOld || isStopped(effect) || wasAnswered(effect) || isOfLostTime(effect, lost);
}

/**
 * Tells whether Stripe may have done this call in the time that the database has lost. Stripe is asked once: what is sent
 * after that look keeps its key, because a second key would do the work twice while the first is still under way.
 */
function isOfLostTime({ generation, sentAt, createdAt }: StripeEffect, lost: RestoreMark | undefined): boolean {
  return lost !== undefined && (generation === 0 || (sentAt ?? createdAt) < lost.markedAtMs);
}

/**
 * Tells whether Stripe answered the last sending without saying what it did: then nothing of it is under way any more.
 */
export function wasAnswered({ failure: why }: StripeEffect): boolean {
  return /^(server_error|parameters_changed)/.test(why ?? "");
}

/**
 * Ends a call by an operator's verdict. Stripe is asked once more, and an object that it made counts more than the
 * verdict. While Stripe cannot be asked, the call stays pending; a look-up that it refuses for good is the very reason
 * for the verdict.
 */
async function endByVerdict<Value extends { id: string }>(
  deps: Deps,
  effect: StripeEffect,
  kind: EffectKind<Value>,
  { made, note }: Verdict,
): Promise<EffectOutcome<Value>> {
  const found = await kind.find(deps, effect);
  if (!found.ok && found.failure.meaning !== "refused")
    return putOff(deps, effect, found.failure, effect.failure ?? "");
  if (found.ok && found.value) return finish(deps, effect, found.value);
  if (made) return finish(deps, effect, made as Value); // fetched by the call's own kind
  return refuseFor(deps, effect, failure("not_made", note));
}

/** Marks a call that an operator is about to end: it is not sent again, Stripe is only asked whether it was made. */
export const stopped = "stopped";

/** Tells whether an operator is about to end the call. */
export function isStopped({ failure: why }: StripeEffect): boolean {
  return why?.startsWith(stopped) ?? false;
}

/**
 * Tells whether a call was last sent so long ago that Stripe has done it by now or never will: the longer delays
 * between its attempts have begun, and the present one is over, which an operator who wants it tried at once does not
 * end. We would not notice a request that Stripe executes even later. Transfers have a second guard: Stripe refuses transfers that together exceed the charge they are paid
 * from, and the share of an offer is more than half of its charge.
 * https://docs.stripe.com/connect/separate-charges-and-transfers
 */
export function isQuiet(deps: Deps, { attempts, dueAt, lastSentAt }: StripeEffect): boolean {
  const isOver = deps.nowMs() - lastSentAt >= minuteMs;
  return isOver && attempts > 3 && (dueAt ?? Number.POSITIVE_INFINITY) <= deps.nowMs();
}

function finish<Value extends { id: string }>(deps: Deps, effect: StripeEffect, value: Value): EffectOutcome<Value> {
  return { end: "done", value, settle: endCall(deps, effect, { state: "done", resultId: value.id }) };
}

/** Writes down that a call's outcome is unknown, and when the call is resumed. */
export async function putOff(
  deps: Deps,
  effect: StripeEffect,
  failed: StripeFailure,
  reason = `${failed.kind}: ${failed.message}`,
  rows: readonly Statement[] = [],
): Promise<EffectOutcome<never>> {
  const isReading = failed.kind === "not_read_yet";
  const ageMs = deps.nowMs() - effect.createdAt;
  const laterMs = backOffMs(ageMs / 12, laterDelayMs);
  const delayMs = isReading ? readOnMs : (retryDelaysMs[effect.attempts] ?? laterMs);
  await write(deps.db, [
    postponeEffect(deps.db, effect, {
      attempts: effect.attempts + (isReading ? 0 : 1),
      dueAt: Math.round(deps.nowMs() + delayMs),
      failure: reason,
      lastSentAt: effect.lastSentAt,
    }),
    ...rows,
  ]);
  deps.log.warn("stripe_call_open", { effectId: effect.id, kind: effect.kind, failure: failed.kind });
  return { end: "open", failure: failed };
}
